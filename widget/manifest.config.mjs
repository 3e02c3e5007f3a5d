/** Configuration of `npm run manifest`. Its plugin removes everything that a page can't use from custom-elements.json. */
export default {
  globs: ["widget/element.tsx"],
  outdir: "widget",
  // package.json already names the committed manifest. The test that writes one elsewhere must not change that.
  packagejson: false,
  plugins: [
    {
      name: "public-members",
      packageLinkPhase({ customElementsManifest }) {
        for (const { declarations } of customElementsManifest.modules)
          for (const declaration of declarations) {
            const { members, events, superclass } = declaration;
            // The server's stand-in for HTMLElement is internal.
            if (superclass) declaration.superclass = { name: "HTMLElement" };
            if (members)
              declaration.members = members.filter(
                ({ name, privacy, static: isStatic }) =>
                  privacy !== "private" && !isStatic && name !== "adoptedStyleSheets",
              );
            if (events) declaration.events = events.filter(({ name }) => name);
          }
      },
    },
  ],
};
