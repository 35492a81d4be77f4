/**
 * Environment in which a process keeps the memory of one pass for the next. By default the C library of Linux asks
 * the system for every block of 128 kB and more, and gives it back: at 512 tokens the attention of a BERT-base is
 * 151 MB of fresh pages a pass, which take longer to be had than to be filled. Other systems ignore the names.
 */
export const keptMemory: Readonly<Record<string, string>> = {
  // Bytes: blocks up to this size come from the heap; one layer of that attention has 12.6 MB.
  MALLOC_MMAP_THRESHOLD_: String(32 * 2 ** 20),
  // Bytes at the heap's end that are free before any goes back.
  MALLOC_TRIM_THRESHOLD_: String(256 * 2 ** 20),
};
