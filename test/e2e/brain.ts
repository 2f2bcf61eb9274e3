import * as z from 'zod';
import { runProgram } from '../running-gateway.ts';
import type { Screen } from './screen.ts';

const replySchema = z.looseObject({
  status: z.string(),
  code: z.nullish(z.string()),
  data: z.optional(z.unknown()),
});
type Reply = z.infer<typeof replySchema>;

/** The built brain, a process for each command, on the gateway of a screen. */
export class Brain {
  readonly #where: readonly string[];

  constructor({ ports }: Pick<Screen, 'ports'>, name = 'alpha') {
    this.#where = ['--host', '127.0.0.1', '--command-port', String(ports.command), '--client-id', name];
  }

  /** Opens a position; expects it to be carried out. */
  async open(symbol: string, volumeLots: string): Promise<void> {
    const reply = await this.ask('open', symbol, volumeLots, 'buy');
    if (reply.status !== 'SUCCESS') throw new Error(`the position was not opened: ${JSON.stringify(reply)}`);
  }

  /** The reply to a command. */
  async ask(...words: readonly string[]): Promise<Reply> {
    const { stdout, stderr } = await runProgram('--brain', ...words, '--json', ...this.#where);
    try {
      return replySchema.parse(JSON.parse(stdout));
    } catch {
      throw new Error(`the brain got no reply: ${stdout}\n${stderr}`);
    }
  }
}
