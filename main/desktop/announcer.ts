import { Notification } from 'electron';
import type { NotificationView } from './notification-for.ts';

/** Native notifications. A click on one opens the window. */
export class Announcer {
  readonly #onClick: () => void;
  /** Electron lets go of a notification that nobody holds, and its click with it. */
  readonly #held = new Set<Notification>();

  constructor(onClick: () => void) {
    this.#onClick = onClick;
  }

  tell({ title, body }: NotificationView): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body, urgency: 'critical' });
    const forget = () => void this.#held.delete(notification);
    notification.on('click', () => {
      forget();
      this.#onClick();
    });
    notification.on('close', forget);
    notification.on('failed', forget);
    this.#held.add(notification);
    notification.show();
  }
}
