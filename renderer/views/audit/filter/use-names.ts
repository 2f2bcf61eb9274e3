import { useEffect, useState } from 'react';
import type { ControlTopic, TopicValue } from '../../../../main/control/contract.ts';
import { useApi } from '../../../api/api-context.tsx';

/** Names out of a topic, while `isOn`. Renders again when a name comes or goes, not with each price. */
export function useNames<T extends ControlTopic>(
  topic: T,
  namesOf: (value: TopicValue<T>) => readonly string[],
  isOn: boolean,
): readonly string[] {
  const api = useApi();
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isOn) return;
    return api.subscribe(topic, (value) => {
      const found = namesOf(value);
      setNames((held) => (held.join('\n') === found.join('\n') ? held : found));
    });
  }, [api, topic, namesOf, isOn]);
  return names;
}
