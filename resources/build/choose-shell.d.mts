export declare const USUAL_PANEL_PORT: number;
export declare const ASKING_WORDS: readonly string[];

export interface Facts {
  readonly words: readonly string[];
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
}
export type Runtime = { readonly executable: string } | { readonly missing: string };
export type Choice =
  | { readonly shell: 'asked' }
  | { readonly shell: 'headless'; readonly why: string }
  | { readonly shell: 'desktop'; readonly executable: string };

export declare function chooseShell(facts: Facts, findRuntime: () => Runtime): Choice;
export declare function wantsPanelPort(words: readonly string[], environment: Facts['environment']): boolean;
export declare function couldNotRun(end: {
  readonly code: number | null;
  readonly signal: string | null;
  readonly afterMs: number;
}): boolean;
