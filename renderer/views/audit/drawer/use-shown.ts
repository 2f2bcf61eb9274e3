import { useCallback, useEffect, useState } from 'react';
import type { CallAnswer } from '../../../../main/control/contract.ts';
import { useApi, useHearing } from '../../../api/api-context.tsx';
import { isUnsettled } from './steps.ts';

const AGAIN_MS = 1_000;

type Answer = CallAnswer<'auditShow'>;

/** An entry with its command; null until it is there. Read again as long as the command has more rows to come. */
export function useShown(seq: number): { readonly answer: Answer | null; readonly retry: () => void } {
  const api = useApi();
  const isHeard = useHearing() === 'up';
  const [held, setHeld] = useState<{ readonly seq: number; readonly answer: Answer } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const answer = held?.seq === seq ? held.answer : null;
  useEffect(() => {
    if (!isHeard) return;
    let isWanted = true;
    void api.call('auditShow', { seq }).then((given) => {
      if (isWanted) setHeld({ seq, answer: given });
    });
    return () => {
      isWanted = false;
    };
  }, [api, seq, isHeard, attempt]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const lastSeq = answer?.ok === true && answer.output.found ? unsettledSeq(answer.output.history) : null;
  useEffect(() => {
    if (lastSeq === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = api.subscribe('audit', ({ head }) => {
      if (head.seq > lastSeq) timer ??= setTimeout(retry, AGAIN_MS);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [api, lastSeq, attempt, retry]);
  return { answer, retry };
}

type History = Extract<Extract<Answer, { ok: true }>['output'], { found: true }>['history'];

function unsettledSeq(history: History): number | null {
  const last = history.at(-1);
  return last?.req_id != null && last.actor_kind === 'client' && isUnsettled(history) ? last.seq : null;
}
