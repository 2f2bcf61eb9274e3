import { createContext, use, useCallback, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import type {
  CallAnswer,
  ControlApi,
  ControlCall,
  ControlInput,
  ControlTopic,
  Hearing,
  TopicValue,
} from '../../main/control/contract.ts';
import { Topics, type Live } from './topics.ts';

interface Api {
  readonly api: ControlApi;
  readonly topics: Topics;
}

const ApiContext = createContext<Api | null>(null);

/** Gives the gateway to everything inside. */
export function ApiProvider({ api, children }: { readonly api: ControlApi; readonly children: ReactNode }) {
  const [topics] = useState(() => new Topics(api));
  return <ApiContext value={{ api, topics }}>{children}</ApiContext>;
}

function useApiContext(): Api {
  const found = use(ApiContext);
  if (found === null) throw new Error('there is no ApiProvider around this');
  return found;
}

/** The gateway itself, for calls. */
export function useApi(): ControlApi {
  return useApiContext().api;
}

/** The newest value of a topic with the time of its receipt; null before the first. It stays while nothing is heard. */
export function useTopic<T extends ControlTopic>(topic: T): Live<TopicValue<T>> | null {
  const { topics } = useApiContext();
  return useSyncExternalStore(
    useCallback((changed) => topics.follow(topic, changed), [topics, topic]),
    useCallback(() => topics.newest(topic), [topics, topic]),
  );
}

/** Whether the gateway is heard. */
export function useHearing(): Hearing {
  const { topics } = useApiContext();
  return useSyncExternalStore(topics.followHearing, topics.hearing);
}

/** A call for a button: `run` makes it, `busy` while it is under way, `error` of the last that failed. */
export function useCall<C extends ControlCall>(call: C) {
  const api = useApi();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const running = useRef(0);
  const run = useCallback(
    async (input: ControlInput<C>): Promise<CallAnswer<C>> => {
      running.current += 1;
      setBusy(true);
      setError(null);
      const answer = await api.call(call, input);
      running.current -= 1;
      setBusy(running.current > 0);
      if (!answer.ok) setError(answer.error);
      return answer;
    },
    [api, call],
  );
  return { run, busy, error };
}
