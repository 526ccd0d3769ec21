/** The code base of the published figures. */
export const published = {
  repository: 'https://github.com/Unleash/unleash',
  commit: 'ceeb5a9ca6d0beb0cabf041d6a27ffd2d6501859',
  /** SHA-256 over the names and texts of the `.ts` files in `src`: figures of other sources are not compared with the published ones. */
  sources: '046696eda885c8b5aaee17ee3eee126b58d65d216a7648a87692dd87dbaa6759',
};
