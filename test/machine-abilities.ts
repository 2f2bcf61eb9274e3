import { spawnSync } from 'node:child_process';

/** What tests ask of the machine itself, beside packages. */
export type Ability = 'network namespaces' | 'a sandbox';

const PROBES: Readonly<Record<Ability, { readonly neededBy: string; readonly script: string }>> = {
  'network namespaces': {
    neededBy: 'the brain in another network than its gateway, and the cuts of the link between them',
    script: 'name="mt5-fabric-probe-$$"; ip netns add "$name" && ip netns del "$name"',
  },
  'a sandbox': {
    neededBy: 'the brain under what its systemd unit leaves it',
    script: 'exec unshare --mount --propagation=private --pid --fork --ipc --uts mount -t tmpfs tmpfs /mnt',
  },
};
const found = new Map<Ability, string | null>();

/** Why the machine does not allow it, or null where it does. */
export function obstacleTo(ability: Ability): string | null {
  const known = found.get(ability);
  if (known !== undefined) return known;
  const probed = spawnSync('sh', ['-c', PROBES[ability].script], { encoding: 'utf8', timeout: 10_000 });
  const said = (probed.stderr || probed.error?.message || `code ${probed.status}`).trim().split('\n').at(-1)!;
  const obstacle = probed.status === 0 ? null : said;
  found.set(ability, obstacle);
  return obstacle;
}

/** Lines for the end of a run: what was not run because the machine does not allow it, and why. */
export function linesOfObstacles(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return (Object.keys(PROBES) as Ability[]).flatMap((ability) => {
    const obstacle = obstacleTo(ability);
    return obstacle === null ? [] : [`not run without ${ability}: ${PROBES[ability].neededBy} (${obstacle})`];
  });
}
