import { randomUUID } from 'node:crypto';
import { bridgeToken } from '../../../main/mt5/terminal/bridge-token.ts';
import { pipePath } from '../../../main/mt5/terminal/pipe-path.ts';
import { Asker, requestText } from '../asker.ts';
import { AttackedGateway } from '../attacked-gateway.ts';
import { RecordingProxy } from '../recording-proxy.ts';
import { bridgeTraffic, commandTraffic, curveTraffic, panelTraffic, subscriberTraffic } from './corpus.ts';

/** One way in, and the valid traffic that belongs to it. */
export interface Door {
  readonly name: string;
  /** A port, or a socket file. */
  readonly address: number | string;
  readonly traffic: readonly Buffer[];
}

/** A gateway whose doors are open, with an honest client beside it. */
export interface Inhabitant {
  readonly name: string;
  readonly gateway: AttackedGateway;
}

export interface House {
  readonly inhabitants: readonly Inhabitant[];
  readonly doors: readonly Door[];
  stop(): Promise<void>;
}

/** Opens every way in that there is: the ports without and with encryption, the panel, and the link to MetaTrader. */
export async function openHouse(): Promise<House> {
  const pipe = `mt5-fabric-${randomUUID().slice(0, 8)}`;
  const plain = await AttackedGateway.start('local', ['--panel-port', '0']);
  const encrypted = await AttackedGateway.start('encrypted');
  const linked = await AttackedGateway.start('local', [
    ...['--terminal', 'bridge', '--bridge-pipe', pipe, '--bridge-port', '0'],
  ]);
  const inhabitants = [
    { name: 'paper', gateway: plain },
    { name: 'encrypted', gateway: encrypted },
    { name: 'bridge', gateway: linked },
  ];
  return {
    inhabitants,
    doors: [
      ...portDoors('', plain, commandTraffic(), subscriberTraffic()),
      ...portDoors('encrypted ', encrypted, ...(await encryptedTraffic(encrypted))),
      await panelDoor(plain),
      {
        name: 'bridge',
        address: pipePath(pipe, process.env, process.platform),
        traffic: bridgeTraffic(bridgeToken(linked.dataDir)),
      },
    ],
    stop: async () => {
      await Promise.all(inhabitants.map(({ gateway }) => gateway.stop()));
    },
  };
}

function portDoors(
  prefix: string,
  { target: { ports } }: AttackedGateway,
  asking: readonly Buffer[],
  subscribing: readonly Buffer[],
): readonly Door[] {
  return [
    { name: `${prefix}command`, address: ports.command, traffic: asking },
    { name: `${prefix}data`, address: ports.data, traffic: subscribing },
    { name: `${prefix}events`, address: ports.events, traffic: subscribing },
  ];
}

async function encryptedTraffic(gateway: AttackedGateway): Promise<[readonly Buffer[], readonly Buffer[]]> {
  const { ports, credentials } = gateway.target;
  using proxy = await RecordingProxy.start(ports.command);
  using asker = new Asker(proxy.endpoint, credentials);
  await asker.ask(requestText(credentials, 'HEARTBEAT'));
  const traffic = curveTraffic(proxy.said);
  return [traffic, traffic];
}

/** Signed in, since most of the panel stands behind that. */
async function panelDoor(gateway: AttackedGateway): Promise<Door> {
  const signedIn = await fetch(gateway.panel, { redirect: 'manual' });
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
  const port = Number(new URL(gateway.panel).port);
  return { name: 'panel', address: port, traffic: panelTraffic(port, cookie) };
}
