/** More pictures than these are not classified at once; a folder of more is for the search. */
export const mostClassified = 200;
/** More texts than these are not compared at once. */
export const mostCaptions = 500;
