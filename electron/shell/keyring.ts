/** SealPort by Electron's safeStorage: Keychain, DPAPI, or the desktop's secret service. After the app is ready. */
import type { SafeStorage } from 'electron'
import type { SealPort } from '../ports.ts'

export function keyring(safeStorage: SafeStorage): SealPort {
  return {
    // "basic_text": no keyring was found, and everybody knows the key.
    available: () => safeStorage.isEncryptionAvailable() && (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'),
    seal: (secret) => safeStorage.encryptString(secret),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
  }
}
