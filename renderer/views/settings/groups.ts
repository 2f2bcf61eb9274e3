import type { Setting } from './setting-texts.ts';

export const GROUPS = ['appearance', 'listeners', 'terminal', 'limits', 'safety', 'paper', 'other'] as const;
export type Group = (typeof GROUPS)[number];

const HOMES: Readonly<Record<string, Group>> = {
  ...inGroup('appearance', ['language', 'theme', 'kill_at_once']),
  ...inGroup('listeners', ['security', 'host', 'allow_from', 'accept_unencrypted']),
  ...inGroup('listeners', ['command_port', 'data_port', 'event_port', 'panel_port']),
  ...inGroup('listeners', ['requests_per_second', 'max_subscriptions']),
  ...inGroup('terminal', ['terminal', 'bridge_pipe', 'bridge_port', 'bridge_settle_s', 'symbols']),
  ...inGroup('terminal', ['command_deadline_ms', 'ttl_ms', 'magic_base']),
  ...inGroup('safety', ['link_halt_after_s', 'disk_warn_mib', 'disk_reduce_mib']),
};

function inGroup(group: Group, names: readonly string[]): Record<string, Group> {
  return Object.fromEntries(names.map((name) => [name, group]));
}

/** Where a setting is shown; a new one finds a place too. */
export function groupOf(name: string): Group {
  if (Object.hasOwn(HOMES, name)) return HOMES[name] ?? 'other';
  if (name.startsWith('limit_')) return 'limits';
  return name.startsWith('paper_') ? 'paper' : 'other';
}

/** The groups that have settings, in their order. */
export function grouped(settings: readonly Setting[]): readonly (readonly [Group, readonly Setting[]])[] {
  return GROUPS.flatMap((group) => {
    const members = settings.filter(({ name }) => groupOf(name) === group);
    return members.length === 0 ? [] : [[group, members] as const];
  });
}
