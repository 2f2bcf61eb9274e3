import { useState } from 'react';
import type { ControlOutput, TopicValue } from '../../../../main/control/contract.ts';
import { ConnectionStep } from './connection-step.tsx';
import { PairForm } from './pair-form.tsx';

export type Pairing = Extract<ControlOutput<'pair'>, { paired: true }>;

interface Props {
  readonly network: TopicValue<'network'>;
  readonly onClose: () => void;
}

/** Pairs a brain in two steps: who it is and what it may do, then its connection file, shown this once. */
export function PairDialog({ network, onClose }: Props) {
  const [pairing, setPairing] = useState<Pairing | null>(null);
  if (pairing === null) return <PairForm network={network} onPaired={setPairing} onClose={onClose} />;
  return <ConnectionStep pairing={pairing} serverFingerprint={network.server_fingerprint} onClose={onClose} />;
}
