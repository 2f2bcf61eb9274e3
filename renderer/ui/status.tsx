import {
  CircleCheck,
  CircleHelp,
  CirclePause,
  Hourglass,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
  Unplug,
} from 'lucide-react';

/** How something is: each tone has a shape of its own, so that colour is never alone. */
export type Tone = 'normal' | 'fine' | 'stale' | 'paused' | 'down' | 'halted' | 'unknown' | 'exposed';

const LOOKS: Readonly<Record<Tone, { readonly Icon: LucideIcon; readonly colour: string }>> = {
  normal: { Icon: CircleCheck, colour: 'text-muted' },
  fine: { Icon: CircleCheck, colour: 'text-fine' },
  stale: { Icon: Hourglass, colour: 'text-stale' },
  paused: { Icon: CirclePause, colour: 'text-stale' },
  down: { Icon: Unplug, colour: 'text-down' },
  halted: { Icon: OctagonX, colour: 'text-halted' },
  unknown: { Icon: CircleHelp, colour: 'text-stale' },
  exposed: { Icon: TriangleAlert, colour: 'text-stale' },
};

/** A state in a word and a shape. */
export function Status({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  const { Icon, colour } = LOOKS[tone];
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${colour}`}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {children}
    </span>
  );
}
