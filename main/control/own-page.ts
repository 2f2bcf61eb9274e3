/** Scheme and host under which the window's own page is served; nothing else is ever loaded. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'gateway';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Whether an address is the window's own page. `URL.origin` is "null" for a scheme like this: scheme and host are compared. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST;
}
