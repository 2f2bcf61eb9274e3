import type { Page } from 'playwright-core';
import type { Ports } from '../running-gateway.ts';

/** A screen on a gateway of its own, as an operator has it: in the panel, or in the desktop's window. */
export interface Screen extends AsyncDisposable {
  readonly page: Page;
  readonly dataDir: string;
  readonly ports: Ports;
  /** What a sound screen never says: errors on the console, exceptions, violations of the content security policy. */
  readonly complaints: readonly string[];
}

export interface ScreenOptions {
  /** One that is there already is kept; without it the screen has one of its own, which goes with it. */
  readonly dataDir?: string;
  /** More words for the gateway. */
  readonly flags?: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
  /** What the system prefers. */
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'zh-CN';
}

/** Opens a screen and waits until it shows the gateway's state. */
export type OpenScreen = (options?: ScreenOptions) => Promise<Screen>;

/** Notes what the page complains of, from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}
