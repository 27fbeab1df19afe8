/** Where the files of an asset lie. What was sent waits in a bucket of its own under the asset's id. */
export const objectKeys = {
  upload: (asset: string) => asset,
  media: (asset: string) => `assets/${asset}/media`,
  rendition: (asset: string, kind: string) => `assets/${asset}/${kind}`,
} as const;
