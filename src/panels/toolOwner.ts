/** Whose requests those of agents' tools are. */
export const toolOwner = 'tools';
