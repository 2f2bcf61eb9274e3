import type { TFunction } from 'i18next';
import { conditionOf, type DesktopState } from './desktop-state.ts';

/** What title bar and taskbar show of a halt, and of a network without encryption. */
export interface TaskbarView {
  readonly title: string;
  /** Laid over the taskbar's icon, with words for those who do not see it; null for nothing. */
  readonly overlay: { readonly shape: 'octagon'; readonly description: string } | null;
}

/** Title and overlay for a state. */
export function taskbarView(state: DesktopState, t: TFunction): TaskbarView {
  const name = t('shell.product');
  const product = state.exposedTo === null ? name : t('desktop.title.exposed', { product: name });
  if (conditionOf(state) !== 'halted') return { title: t('desktop.title.usual', { product }), overlay: null };
  return {
    title: t('desktop.title.halted', { product }),
    overlay: { shape: 'octagon', description: t('desktop.overlay.halted') },
  };
}
