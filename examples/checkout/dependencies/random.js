/**
 * A number in [0, 1) that depends on nothing but its key. The n-th request of a dependency meets the same fate in every
 * run, whatever order requests come in, because each draw is looked up by name and never taken from a shared sequence.
 *
 * @param {string} key
 * @returns {number}
 * @see FNV-1a for the hash, and the finaliser of MurmurHash3, without which similar keys give similar numbers
 */
export function random(key) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * A draw from the standard normal distribution.
 *
 * @param {string} key
 * @see Box and Muller, "A Note on the Generation of Random Normal Deviates" (1958)
 */
export function normal(key) {
  return Math.sqrt(-2 * Math.log(1 - random(`${key}:radius`))) * Math.cos(2 * Math.PI * random(`${key}:angle`));
}
