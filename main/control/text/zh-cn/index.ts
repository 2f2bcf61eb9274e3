import { audit } from './audit.ts';
import { brains } from './brains.ts';
import { desktop } from './desktop.ts';
import { kill } from './kill.ts';
import { metatrader } from './metatrader.ts';
import { overview } from './overview.ts';
import { panel } from './panel.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';

export const zhCn = { audit, brains, desktop, kill, metatrader, overview, panel, settings, shell };
