import type { TFunction } from 'i18next';
import type { Left } from './kill-stage.ts';

/** `2 positions and 1 pending order`; empty where nothing is open. */
export function leftInWords({ positions, orders }: NonNullable<Left>, t: TFunction): string {
  const first = t('kill.positions', { count: positions });
  const second = t('kill.orders', { count: orders });
  if (positions > 0 && orders > 0) return t('kill.and', { first, second });
  if (positions > 0) return first;
  return orders > 0 ? second : '';
}
