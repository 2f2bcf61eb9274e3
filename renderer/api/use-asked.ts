import { useCallback, useEffect, useState } from 'react';
import type { ControlInput, ControlOutput } from '../../main/control/contract.ts';
import { useCall, useHearing } from './api-context.tsx';

/** Calls that only look. */
type Look = 'settings' | 'terminals' | 'doctor';

/** What a call told last, asked when the view opens and whenever the gateway is heard again; `ask` asks anew. */
export function useAsked<C extends Look>(call: C) {
  const { run, busy, error } = useCall(call);
  const hearing = useHearing();
  const [output, setOutput] = useState<ControlOutput<C> | null>(null);
  // None of them takes anything.
  const ask = useCallback(
    () =>
      run({} as ControlInput<C>).then((answer) => {
        if (answer.ok) setOutput(answer.output);
      }),
    [run],
  );
  useEffect(() => {
    if (hearing === 'up') void ask();
  }, [hearing, ask]);
  return { output, busy, error, ask };
}
