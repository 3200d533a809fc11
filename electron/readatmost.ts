/** Reads a stream to its end, but no more than somebody may make us hold. */

/** Null: it is longer than `most` octets. Rejects if it breaks off. */
export async function readAtMost(stream: AsyncIterable<unknown>, most: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > most) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
