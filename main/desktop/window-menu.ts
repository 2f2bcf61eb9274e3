import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { TFunction } from 'i18next';

const ZOOM: readonly MenuItemConstructorOptions[] = [
  { role: 'zoomIn' },
  { role: 'zoomOut' },
  { role: 'resetZoom' },
  { role: 'togglefullscreen' },
];
const DEVELOPMENT: readonly MenuItemConstructorOptions[] = [{ role: 'reload' }, { role: 'toggleDevTools' }];

/** The window's hidden menu: it carries the keys for zoom, which people with weak sight need. */
export function windowMenu(t: TFunction, isPackaged: boolean): Electron.Menu {
  const submenu = isPackaged ? [...ZOOM] : [...ZOOM, ...DEVELOPMENT];
  return Menu.buildFromTemplate([{ label: t('desktop.view.menu'), submenu }]);
}
