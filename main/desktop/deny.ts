import type { Session, WebContents } from 'electron';
import { isOwnPage } from '../control/own-page.ts';
import type { Log } from '../log.ts';

/** What the page may do beyond showing itself: put a text on the clipboard when *Copy* is pressed. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** The page never leads anywhere: no navigation, no new window, no guest page. */
export function denyDepartures(contents: WebContents, log: Log): void {
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
    log.warn('window-navigation-denied', { url: event.url });
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    log.warn('window-open-denied', { url });
    return { action: 'deny' };
  });
}

/** Denies every permission, device and download. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === ALLOWED_PERMISSION && isOwnPage(contents.getURL()));
  });
  session.setPermissionCheckHandler((contents, permission) => {
    return permission === ALLOWED_PERMISSION && contents !== null && isOwnPage(contents.getURL());
  });
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}
