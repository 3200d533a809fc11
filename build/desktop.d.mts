// The types of desktop.mjs, for its tests.
export const FETCH_SECONDS: number
type Env = Readonly<Record<string, string | undefined>>
export function electronBinary(root: string, env: Env, platform: string): string | null
export function noWindow(env: Env, platform: string, uid: number | undefined): string | null
export function noBrowser(env: Env, platform: string, uid: number | undefined, args: readonly string[]): string | null
export function browserCommand(url: string, platform: string): readonly string[]
export function consoleAddress(text: string): string | null
export function fetchRuntime(options: { readonly root: string; readonly env: Env; readonly node: string; readonly args: readonly string[]; readonly say: (text: string) => void; readonly seconds?: number }): Promise<boolean>
