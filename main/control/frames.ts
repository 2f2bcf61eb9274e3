import * as z from 'zod';
import { CONTROL_CALLS, CONTROL_TOPICS, type ControlCall, type ControlTopic, type Shell } from './contract.ts';

/** The gateway says at least so often that it is there, in milliseconds. */
export const BEAT_MS = 500;
/** After so long without a word of it, a screen shows UNKNOWN. */
export const SILENCE_MS = 2_000;

const CALL_NAMES = Object.keys(CONTROL_CALLS) as [ControlCall, ...ControlCall[]];
const TOPIC_NAMES = Object.keys(CONTROL_TOPICS) as [ControlTopic, ...ControlTopic[]];

/** What a screen sends, as JSON over the panel's WebSocket and as a value over IPC. */
export const toGatewaySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.int(), call: z.enum(CALL_NAMES), input: z.unknown() }),
  z.object({ kind: z.literal('subscribe'), topic: z.enum(TOPIC_NAMES) }),
  z.object({ kind: z.literal('unsubscribe'), topic: z.enum(TOPIC_NAMES) }),
]);
export type ToGateway = z.output<typeof toGatewaySchema>;

/** What it gets. */
export const toScreenSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.int(), output: z.unknown() }),
  z.object({ kind: z.literal('refusal'), id: z.int(), error: z.string() }),
  z.object({ kind: z.literal('value'), topic: z.enum(TOPIC_NAMES), value: z.unknown() }),
  z.object({ kind: z.literal('beat') }),
]);
export type ToScreen = z.output<typeof toScreenSchema>;

/** What the preload script gives the window, as `window.mt5Fabric`. */
export interface FrameLine extends Pick<Shell, 'fetchExport' | 'openPage' | 'saveConnection'> {
  send(frame: ToGateway): void;
  /** Returns what ends that. */
  onFrame(listener: (frame: ToScreen) => void): () => void;
}
