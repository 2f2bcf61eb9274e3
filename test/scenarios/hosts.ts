import { onTestFinished } from 'vitest';
import { Context, Subscriber } from 'zeromq';
import { settingsSchema, type Settings } from '../../main/config/settings.ts';
import { controlEndpoints } from '../../main/config/data-dir.ts';
import { callGateway } from '../../main/control/client.ts';
import { startHost, type Host } from '../../main/host.ts';
import { silentLog } from '../../main/log.ts';
import { eventTopic, type FabricEvent } from '../../main/protocol/events.ts';

/** A whole gateway in this process, on real sockets and a real log, with the paper terminal. Stopped when the test ends. */
export async function hostIn(dataDir: string, more: Partial<Settings> = {}): Promise<Host> {
  const settings = settingsSchema.parse({ commandPort: 0, dataPort: 0, eventPort: 0, ...more });
  const started = await startHost({ dataDir, settings, paperReset: false, log: silentLog });
  if (!started.ok) throw new Error(started.message);
  onTestFinished(() => started.host.stop());
  return started.host;
}

/** Asks the gateway of a data folder as an operator does. Throws where it refuses. */
export async function operator(dataDir: string, call: 'kill' | 'halt' | 'resume', reason: string): Promise<unknown> {
  const result = await callGateway(controlEndpoints(dataDir, process.env), call, { reason }, 5_000);
  if (result.kind !== 'answered') throw new Error(JSON.stringify(result));
  return result.output;
}

/** Listens from now on; what it gives waits for the next event of that kind. */
export function listenTo(endpoint: string, event: FabricEvent['event']): () => Promise<FabricEvent> {
  const socket = new Subscriber({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
  socket.connect(endpoint);
  socket.subscribe(eventTopic(event));
  onTestFinished(() => socket.close());
  return async () => {
    const [frame] = await socket.receive();
    return JSON.parse(String(frame)) as FabricEvent;
  };
}
