/** The slider of overlaid pictures is all that needs a script; its hash stands in the policy. */
export const SCRIPT = `
document.addEventListener("input", ({ target }) => {
  if (target.type === "range") {
    target.closest(".pictures").style.setProperty("--seen", target.value + "%");
  }
});
`;
