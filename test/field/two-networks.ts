import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * How the link between the networks is cut. `silent`: what is sent vanishes, as behind a router that has failed, and
 * neither end is told. `cable`: the one at the brain's end is out, and its device says that it has no carrier.
 */
export type CutKind = 'silent' | 'cable';

const COMMANDS: Readonly<Record<CutKind, { readonly cut: string; readonly mend: string }>> = {
  silent: { cut: 'ip rule add pref 1 blackhole', mend: 'ip rule del pref 1' },
  cable: { cut: 'ip link set to-brain down', mend: 'ip link set to-brain up' },
};

/** A network for the gateway and one for the brain, joined over veth by a router that can cut the link. Needs root. */
export class TwoNetworks implements AsyncDisposable {
  readonly gatewayAddress = '10.213.1.2';
  readonly #names: readonly string[];
  /** A shell inside the router: a command there takes effect at once, without a process to start first. */
  readonly #router: ChildProcess;

  private constructor(names: readonly string[], router: ChildProcess) {
    this.#names = names;
    this.#router = router;
    process.once('exit', this.#remove);
  }

  static join(): TwoNetworks {
    const names = ['gateway', 'brain', 'router'].map((end) => `mt5-fabric-${process.pid}-${end}`);
    try {
      build(names);
      const router = spawn('ip', ['netns', 'exec', names[2]!, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
      return new TwoNetworks(names, router);
    } catch (error) {
      remove(names);
      throw new Error(`network namespaces can be made, but not joined: ${(error as Error).message}`, { cause: error });
    }
  }

  /** What runs a program in one of the networks: put before its words. */
  inside(end: 'gateway' | 'brain'): readonly [string, ...string[]] {
    return ['ip', 'netns', 'exec', this.#names[end === 'gateway' ? 0 : 1]!];
  }

  /** Resolves when the link is cut. */
  async cut(kind: CutKind): Promise<void> {
    await this.#tell(COMMANDS[kind].cut);
  }

  /** Resolves with when the link was surely not there yet, right before it was mended: `performance.now()`. */
  async mend(kind: CutKind): Promise<number> {
    const beforeMs = performance.now();
    await this.#tell(COMMANDS[kind].mend);
    return beforeMs;
  }

  async #tell(command: string): Promise<void> {
    const { stdin, stdout } = this.#router;
    if (stdin === null || stdout === null) throw new Error('the router takes no commands');
    stdin.write(`${command} && echo done || echo failed\n`);
    const [said] = (await once(stdout, 'data')) as [Buffer];
    if (said.toString().trim() !== 'done') throw new Error(`the router did not do it: ${command}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#router, 'close');
    this.#router.stdin?.end();
    await ended;
    process.off('exit', this.#remove);
    this.#remove();
  }

  /** Also where the process ends before its time: namespaces outlive it. */
  readonly #remove = (): void => remove(this.#names);
}

function build([gateway = '', brain = '', router = '']: readonly string[]): void {
  const lines = [
    ...[gateway, brain, router].map((name) => `ip netns add ${name}`),
    ...[gateway, brain, router].map((name) => `ip -n ${name} link set lo up`),
    ...joined(gateway, router, 'to-gateway', '10.213.1'),
    ...joined(brain, router, 'to-brain', '10.213.2'),
    `ip netns exec ${router} sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'`,
  ];
  execFileSync('sh', ['-ec', lines.join('\n')], { stdio: 'pipe' });
}

/** The router is .1 of a network, the end in it .2. */
function joined(end: string, router: string, device: string, network: string): readonly string[] {
  return [
    `ip -n ${router} link add ${device} type veth peer name wire netns ${end}`,
    `ip -n ${router} addr add ${network}.1/24 dev ${device}`,
    `ip -n ${router} link set ${device} up`,
    `ip -n ${end} addr add ${network}.2/24 dev wire`,
    `ip -n ${end} link set wire up`,
    `ip -n ${end} route add default via ${network}.1`,
  ];
}

function remove(names: readonly string[]): void {
  for (const name of names) {
    try {
      execFileSync('ip', ['netns', 'del', name], { stdio: 'pipe' });
    } catch {
      // It was never made.
    }
  }
}
