// Python programs that work beside this project: Streamlit, PyTorch, MLflow, and a name on npm.
import { type CompatibilityRow, issue, read, reported, reproduced } from "../compatibility_row.ts";

export const PYTHON_ROWS: readonly CompatibilityRow[] = [
  {
    id: "QC801",
    title: "Streamlit's file watcher walks into torch.classes",
    components: [{ name: "python:torch", versions: ">=1.13.0" }, {
      name: "python:streamlit",
      versions: ">=1.37.0",
    }],
    platforms: ["any"],
    symptoms: [
      "RuntimeError: Tried to instantiate class '__path__._path', but it does not exist! " +
      "Ensure that it is registered via torch::class_",
      "Examining the path of torch.classes raised: Tried to instantiate class " +
      "'__path__._path', but it does not exist! Ensure that it is registered via " +
      "torch::class_",
      "Examining the path of torch.classes raised: … RuntimeError: no running event loop",
      "streamlit … RuntimeError: no running event loop",
    ],
    cause: "the watcher asks every loaded module for its path, and torch.classes answers any " +
      "attribute by looking for a class of that name",
    fixes: {
      configuration: {
        do: 'fileWatcherType = "none" below [server] in .streamlit/config.toml, or ' +
          "STREAMLIT_SERVER_FILE_WATCHER_TYPE=none",
      },
      code: { do: "torch.classes.__path__ = [] right after the import of torch" },
      environment: {
        none:
          "a change for it is in Streamlit since March 2025 (pull request 10388), but reports " +
          "went on, and which release ends them was not found out",
      },
    },
    sources: [
      issue("streamlit/streamlit", 10388),
      issue("streamlit/streamlit", 10992),
      issue("HKUDS/LightRAG", 470),
      issue("datalab-to/marker", 442),
    ],
    verified: reproduced(
      "tests/e2e/compatibility_test.ts: PyTorch's half and the tier in the code; Streamlit's " +
        "setting was read",
    ),
    detector: "streamlit_watches_torch",
  },
  {
    id: "QC802",
    title: "STREAMLIT_SERVER_ENABLE_FILE_WATCHER switches nothing off",
    components: [{ name: "python:streamlit", versions: "*" }],
    platforms: ["any"],
    symptoms: [
      "STREAMLIT_SERVER_ENABLE_FILE_WATCHER=false",
      "STREAMLIT_SERVER_ENABLE_FILE_WATCHER",
      '"server.enableFileWatcher" is not a valid config option.',
      "enableFileWatcher = false",
    ],
    signs: "the watcher goes on watching",
    cause:
      "Streamlit has no such option; the name was passed on from one project to the next as a " +
      "remedy",
    fixes: {
      configuration: { do: "STREAMLIT_SERVER_FILE_WATCHER_TYPE=none, and unset the other one" },
      code: { none: "the option is read when Streamlit starts" },
      environment: { none: "the same on every machine" },
    },
    sources: [
      issue("streamlit/streamlit", 10992),
      issue("666ghj/BettaFish", 219),
      "https://docs.streamlit.io/develop/api-reference/configuration/config.toml",
    ],
    verified: read("the options in Streamlit's configuration, and where the name is passed on"),
    detector: "streamlit_placebo",
  },
  {
    id: "QC803",
    title: "MLflow 3.13 refuses ./mlruns",
    components: [{ name: "python:mlflow", versions: ">=3.13.0" }],
    platforms: ["any"],
    symptoms: [
      "The filesystem tracking backend (e.g., './mlruns') is no longer supported",
      "The filesystem tracking backend (e.g., './mlruns') is in maintenance mode",
    ],
    cause: "folders of files were given up in favour of a database",
    fixes: {
      configuration: {
        do: "MLFLOW_TRACKING_URI=sqlite:///mlflow.db, or MLFLOW_ALLOW_FILE_STORE=true for a while",
      },
      code: { do: 'mlflow.set_tracking_uri("sqlite:///mlflow.db")' },
      environment: { do: "mlflow migrate-filestore carries old runs over" },
    },
    sources: [
      issue("mlflow/mlflow", 23634),
      issue("mlflow/mlflow", 23637),
      issue("mlflow/mlflow", 18534),
    ],
    verified: reported("the pull requests; no MLflow here"),
    detector: "mlflow_file_store",
  },
  {
    id: "QC804",
    title: "The package wandb on npm is about airplanes",
    components: [{ name: "wandb", versions: "*" }],
    platforms: ["any"],
    symptoms: [],
    signs: "it is imported without an error and logs nothing to Weights & Biases",
    cause: "the name belongs to a calculator for weight and balance of airplanes",
    fixes: {
      configuration: { do: "depend on @wandb/sdk instead", template: "package.json" },
      code: { do: "qsight runs export RUN --to wandb needs neither" },
      environment: { none: "it is a matter of the name" },
    },
    sources: ["https://www.npmjs.com/package/wandb", "https://www.npmjs.com/package/@wandb/sdk"],
    verified: read("the description that the registry gives of wandb 0.1.0"),
    detector: "wandb_of_airplanes",
  },
];
