/** What a test found, in the words of its state; what to do; and what to type or paste for it. */
import { CopyButton } from './copybutton.tsx'
import { Said } from './outside.tsx'

export interface FoundProps {
  /** "In order": the class is the style sheet's hold on it. */
  readonly state: { readonly word: string; readonly className: string }
  readonly says: string
  readonly todo: string | null
  readonly lines: readonly string[]
  readonly copy: string
}

export function Found({ state, says, todo, lines, copy }: FoundProps) {
  return (
    <>
      <p><span className={state.className}>{state.word}.</span> <Said text={says} className="plain" /></p>
      {todo === null ? null : <p className="dim"><Said text={todo} className="plain" /></p>}
      {lines.length === 0 ? null : (
        <div className="tocopy">
          <pre className="block" tabIndex={0}>{lines.map((line, index) => <div key={index}><Said text={line} /></div>)}</pre>
          <CopyButton label={copy} text={`${lines.join('\n')}\n`} />
        </div>
      )}
    </>
  )
}
