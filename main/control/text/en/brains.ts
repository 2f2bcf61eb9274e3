export const brains = {} as const;
