type Methods = 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend';

/** The system's key store, under a test's hand. */
class SafeStorage implements Pick<Electron.SafeStorage, Methods> {
  isAvailable = true;
  backend: ReturnType<Electron.SafeStorage['getSelectedStorageBackend']> = 'gnome_libsecret';
  /** Whose key store it is: another one opens nothing of it. */
  user = 'anna';

  reset(): void {
    Object.assign(this, { isAvailable: true, backend: 'gnome_libsecret', user: 'anna' });
  }

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isAvailable);
  }

  getSelectedStorageBackend(): ReturnType<Electron.SafeStorage['getSelectedStorageBackend']> {
    return this.backend;
  }

  encryptStringAsync(plainText: string): Promise<Buffer> {
    return Promise.resolve(Buffer.from(`${this.user}:${plainText}`));
  }

  decryptStringAsync(encrypted: Buffer): Promise<Electron.DecryptStringAsyncReturnValue> {
    const [user, ...rest] = encrypted.toString().split(':');
    if (user !== this.user) return Promise.reject(new Error('not of this user'));
    return Promise.resolve({ result: rest.join(':'), shouldReEncrypt: false });
  }
}

export const safeStorage = new SafeStorage();
