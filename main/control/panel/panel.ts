import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../gateway/bind.ts';
import type { Log } from '../../log.ts';
import { within } from '../../safety/within.ts';
import type { ControlService } from '../contract.ts';
import type { GatewayFigures } from './metrics-figures.ts';
import { PanelAccess } from './panel-access.ts';
import { PanelScreens } from './panel-screens.ts';
import { PanelServer } from './panel-server.ts';
import { readStaticFiles } from './static-files.ts';

const LOOPBACK = '127.0.0.1';
const TOKEN_LIFE_MS = 600_000;
const SESSION_LIFE_MS = 12 * 3_600_000;
const STOP_LIMIT_MS = 500;

/** Limits of the connections that a browser makes; beyond them it is cut off. */
const HTTP_LIMITS = {
  ...{ maxHeaderSize: 16 * 1024, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
  connectionsCheckingInterval: 5_000,
};
const MOST_CONNECTIONS = 64;

export interface PanelOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly dataDir: string;
  /** The folder of the panel's pages. */
  readonly files: string;
  readonly service: ControlService;
  /** What monitoring is told. */
  readonly figures: () => GatewayFigures;
  readonly clock: Clock;
  readonly log: Log;
  /** Who is behind the panel: the user of the gateway's process. */
  readonly userName: string;
  /** How long an address is good that nobody uses, in milliseconds. */
  readonly tokenLifeMs?: number;
  /** How long a session lasts that nobody uses, in milliseconds. */
  readonly sessionLifeMs?: number;
}

/** The panel in the browser, open. */
export interface Panel {
  /** Where the panel was opened, good for one sign-in. */
  readonly address: string;
  /** Another address, good for one sign-in. */
  newAddress(): string;
  /** Ends every screen and the port, within a second or so. May be called twice. */
  stop(): Promise<void>;
}

export type PanelOpened =
  { readonly ok: true; readonly panel: Panel } | { readonly ok: false; readonly message: string };

/**
 * Opens the panel on 127.0.0.1: the pages of the renderer, and the control contract over one WebSocket a screen. Only who
 * was given an address by the gateway gets in. A port or a file that does not allow it is a message for a person.
 */
export async function openPanel(options: PanelOptions): Promise<PanelOpened> {
  try {
    return await open(options);
  } catch (error) {
    return { ok: false, message: `cannot open the panel: ${(error as Error).message}` };
  }
}

async function open(options: PanelOptions): Promise<PanelOpened> {
  const { dataDir, clock, log, service, userName } = options;
  const { tokenLifeMs = TOKEN_LIFE_MS, sessionLifeMs = SESSION_LIFE_MS } = options;
  const access = new PanelAccess({ dataDir, clock, log, tokenLifeMs, sessionLifeMs });
  // Only here, so that a gateway without a panel does not load the library of the metrics.
  const { Scrape } = await import('./metrics-scrape.ts');
  const scrape = new Scrape(dataDir, log, options.figures);
  const files = readStaticFiles(options.files);
  const server = createServer(HTTP_LIMITS);
  server.maxConnections = MOST_CONNECTIONS;
  const fault = await listen(server, options.port);
  if (fault !== null) return { ok: false, message: fault };

  const { port } = server.address() as AddressInfo;
  const by = `operator@${userName} (panel)`;
  const screens = new PanelScreens({ service, by, clock, log, renew: (session) => void access.renew(session) });
  const answers = new PanelServer({ port, dataDir, files, access, screens, scrape, clock, log });
  server.on('request', (request, response) => void answers.answer(request, response));
  server.on('upgrade', (request, connection, head) => answers.upgrade(request, connection, head));
  server.on('error', (error) => log.error('panel failed', { error }));

  const newAddress = () => `http://${LOOPBACK}:${port}/?token=${access.newToken()}`;
  let stopping: Promise<void> | null = null;
  const panel = { address: newAddress(), newAddress, stop: () => (stopping ??= end()) };
  return { ok: true, panel };

  async function end(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await screens.stop();
    server.closeAllConnections();
    await within(clock, STOP_LIMIT_MS, Promise.all([closed, access.flush()]));
  }
}

/** Why it cannot listen, or null. */
function listen(server: Server, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(listenFault(errorCode(error), port)));
    server.listen(port, LOOPBACK, () => {
      server.removeAllListeners('error');
      resolve(null);
    });
  });
}

function listenFault(code: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${LOOPBACK} is in use by another program; choose another with --panel-port N`;
  }
  return `cannot listen for the panel on ${LOOPBACK}:${port}: ${code}`;
}
