import { act, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { StateView, TopicValue } from '../../../main/control/contract.ts';
import { App } from '../../../renderer/app.tsx';
import { FakeApi } from '../fake-api.ts';
import { haltedState, tradingState } from '../values.ts';

/** A halt that keeps positions, by an operator. */
export const keptState: StateView = {
  ...haltedState.state,
  flatten: 'none',
  flatten_phase: 'NONE',
  causes: haltedState.state.causes.slice(0, 1),
};
export const kept: TopicValue<'state'> = { state: keptState, tickets: [], refused: 0 };

/** The whole screen over a gateway that can be halted, killed and resumed. */
export function openScreen(answers: ConstructorParameters<typeof FakeApi>[0] = {}) {
  const gateway: FakeApi = new FakeApi({
    halt: () => {
      gateway.push('state', kept);
      return keptState;
    },
    kill: () => {
      gateway.push('state', haltedState);
      const { tickets } = haltedState;
      const report = { positions_closed: 1, total_positions: 2, orders_cancelled: 1, flatten: 'FLATTENING', tickets };
      return { state: haltedState.state, report };
    },
    resume: () => {
      gateway.push('state', tradingState);
      return { resumed: true, state: tradingState.state };
    },
    ...answers,
  });
  render(<App api={gateway} />);
  // What the screen asks by itself when it opens is not what the operator did.
  const called = () =>
    gateway.calls.map(({ call }) => call).filter((call) => !['settings', 'auditPage'].includes(call));
  const push: FakeApi['push'] = (topic, value) => act(() => gateway.push(topic, value));
  return { gateway, called, push, user: userEvent.setup() };
}

/** What is called out to a screen reader at once. */
export function calledOut(): string {
  return document.querySelector('[role=alert][aria-live=assertive]')?.textContent ?? '';
}

/** More than the time in which a second press is not taken. */
export const armed = () => act(() => new Promise((resolve) => setTimeout(resolve, 450)));
