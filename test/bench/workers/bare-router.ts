// zeromq.js with nothing around it: a ROUTER that sends back what it gets.
import { Router } from 'zeromq';
import { serveTasks } from '../worker-tasks.ts';

const router = new Router({ linger: 0 });
await router.bind(`tcp://127.0.0.1:${process.argv[2] ?? '*'}`);
const port = Number(router.lastEndpoint?.split(':').at(-1));

void echo();
await serveTasks({ port: () => Promise.resolve({ port }) });

async function echo(): Promise<void> {
  for await (const message of router) await router.send(message);
}
