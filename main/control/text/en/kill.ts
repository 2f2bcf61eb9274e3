export const kill = {} as const;
