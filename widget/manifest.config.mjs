/** What `npm run manifest` leaves out of custom-elements.json: everything that a page cannot use. */
export default {
  globs: ["widget/element.tsx"],
  outdir: "widget",
  // package.json names the committed manifest; an analysis elsewhere must not.
  packagejson: false,
  plugins: [
    {
      name: "public-members",
      packageLinkPhase({ customElementsManifest }) {
        for (const { declarations } of customElementsManifest.modules)
          for (const declaration of declarations) {
            const { members, events, superclass } = declaration;
            // What stands in for it on a server is nobody's.
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
