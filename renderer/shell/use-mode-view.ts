import { useHearing, useTopic } from '../api/api-context.tsx';
import { type ModeView, modeView } from './mode-view.ts';
import { useStopping } from './stopping.tsx';

/** The trading state of now, as header, banner and title show it. */
export function useModeView(): ModeView {
  const state = useTopic('state')?.value.state ?? null;
  return modeView(state, useHearing(), useStopping().isStopping);
}
