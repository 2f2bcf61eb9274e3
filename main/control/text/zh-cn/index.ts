import { audit } from './audit.ts';
import { brains } from './brains.ts';
import { desktop } from './desktop.ts';
import { kill } from './kill.ts';
import { metatrader } from './metatrader.ts';
import { network } from './network.ts';
import { overview } from './overview.ts';
import { pairing } from './pairing.ts';
import { panel } from './panel.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';

export const zhCn = { audit, brains, desktop, kill, metatrader, network, overview, pairing, panel, settings, shell };
