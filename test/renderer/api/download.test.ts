// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { download } from '../../../renderer/api/download.ts';

afterEach(() => vi.restoreAllMocks());

it('gives a text to the browser under its name', async () => {
  const blobs: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
  const revoked = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
  expect(await download('gamma.connection.json', '{}\n')).toEqual({ isSaved: true, error: null });
  expect(clicked.mock.contexts).toMatchObject([{ download: 'gamma.connection.json', href: 'blob:1' }]);
  expect(await blobs[0]?.text()).toBe('{}\n');
  expect(revoked).toHaveBeenCalledWith('blob:1');
});
