/** Keeps secrets from whoever reads the disk: the system's key store where there is one. */
export interface SecretBox {
  /** Recognises what was sealed by it, in the file. */
  readonly name: 'file' | 'system';
  seal(secret: string): Promise<string>;
  /** Null where it was sealed by another user or machine. */
  open(sealed: string): Promise<string | null>;
}

/** Leaves secrets as they are: the file's own mode 0600 protects them. */
export const plainBox: SecretBox = {
  name: 'file',
  seal: (secret) => Promise.resolve(secret),
  open: (sealed) => Promise.resolve(sealed),
};
