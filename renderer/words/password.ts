/** The password for the submission server, on the Settings page. */
export const passwordWords = {
  label: 'Password for the submission server', keep: 'Keep password', keeping: 'Keeping…', forget: 'Forget it',
  inKeyring: 'It is sealed by this desktop’s keyring.', inFile: (file: string) => `It is kept in ${file}, which only the gate’s account can read.`,
  wouldKeyring: 'It will be sealed by this desktop’s keyring.', wouldFile: (file: string) => `It will be kept in ${file}, which only the gate’s account can read.`,
  there: 'There is a password.', none: 'There is no password.', broken: (problem: string) => `There is a password, but it cannot be used: ${problem}.`,
  never: 'It is never shown again, and stands in no log and no backup.',
  kept: 'The password is kept.', forgotten: 'The password is forgotten.', failed: 'The gate did not answer; nothing was changed.',
} as const
