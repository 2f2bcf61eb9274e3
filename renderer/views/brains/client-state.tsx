import { useTranslation } from 'react-i18next';
import { useHearing } from '../../api/api-context.tsx';
import { useSinceMs } from '../../ui/clock.ts';
import { Status, type Tone } from '../../ui/status.tsx';

const ACTIVE_MS = 10_000;
const GONE_MS = 60_000;

type State = 'active' | 'quiet' | 'gone' | 'unknown';
const TONES: Readonly<Record<State, Tone>> = { active: 'fine', quiet: 'stale', gone: 'down', unknown: 'unknown' };

/** How a brain is that was last heard so long ago. */
export function clientStateOf(silentMs: number): Exclude<State, 'unknown'> {
  if (silentMs < ACTIVE_MS) return 'active';
  return silentMs > GONE_MS ? 'gone' : 'quiet';
}

/** A brain's state in a word and a shape; unknown while the gateway is not heard or has not heard the brain. */
export function ClientState({ lastSeenMs }: { readonly lastSeenMs: number | null }) {
  const { t } = useTranslation();
  const silentMs = useSinceMs(lastSeenMs ?? 0);
  const isHeard = useHearing() === 'up';
  const state = isHeard && lastSeenMs !== null ? clientStateOf(silentMs) : 'unknown';
  return <Status tone={TONES[state]}>{t(`brains.state.${state}`)}</Status>;
}
