import type { Saved } from '../../main/control/contract.ts';

/** Gives a text to the browser as a download. Nothing of it leaves this page. */
export function download(name: string, text: string): Promise<Saved> {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
  return Promise.resolve({ isSaved: true, error: null });
}
