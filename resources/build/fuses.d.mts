export declare const RELEASE_FUSES: Readonly<Record<string, boolean>>;
export declare function fuseFaults(executable: string, isTestBuild?: boolean): Promise<readonly string[]>;
