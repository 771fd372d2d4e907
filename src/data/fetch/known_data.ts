import { DR_GRADES } from "../image_set.ts";

/** A public data set that is known by name. */
export interface KnownData {
  /** What `qsight data fetch` calls it. */
  readonly name: string;
  /** One line for a person. */
  readonly about: string;
  /** As its authors state it. */
  readonly licence: string;
  /** File or folder below the data folder. */
  readonly path: string;
  /** Class names; empty for sets with several labels an image, which are not loaded. */
  readonly classes: readonly string[];
  /** How it is got: one file by HTTP, or by hand, because its host asks who wants it. */
  readonly source: FileSource | HandSource;
}

/** A file that anybody may download. */
export interface FileSource {
  /** Anybody may have it. */
  readonly kind: "file";
  /** Folder of the file, with a slash at its end. */
  readonly baseUrl: string;
  /** MD5 as its publisher gives it, hexadecimal. */
  readonly md5: string;
  /** Size in bytes, where it is known. */
  readonly bytes?: number;
}

/** Data whose host asks for an account or a signature. */
export interface HandSource {
  /** A person has to ask for it. */
  readonly kind: "hand";
  /** Page of the data. */
  readonly page: string;
  /** Commands or steps, one a line. */
  readonly steps: readonly string[];
}

/** MedMNIST v2 and its larger sizes (Yang et al., Scientific Data 2023). */
const ZENODO = "https://zenodo.org/records/10519652/files/";

const ORGANS = [
  ...["bladder", "femur_left", "femur_right", "heart", "kidney_left", "kidney_right", "liver"],
  ...["lung_left", "lung_right", "pancreas", "spleen"],
];

/** MD5 at 28, 64, 128 and 224 pixels. */
type Sums = readonly [string, string, string, string];

/** Name, what it shows, classes and checksums of each 2-D set of MedMNIST. */
const MEDMNIST: readonly (readonly [string, string, readonly string[], Sums])[] = [
  ["retinamnist", "fundus photographs, 5 grades of diabetic retinopathy", DR_GRADES, [
    "bd4c0672f1bba3e3a89f0e4e876791e4",
    "afda852cc34dcda56f86ad2b2457dbcc",
    "e48e916a24454daf90583d4e6efb1a18",
    "eae7e3b6f3fcbda4ae613ebdcbe35348",
  ]],
  ["octmnist", "optical coherence tomography of the retina, 4 classes", [
    ...["choroidal_neovascularization", "diabetic_macular_edema", "drusen", "normal"],
  ], [
    "c68d92d5b585d8d81f7112f81e2d0842",
    "e229e9440236b774d9f0dfef9d07bdaf",
    "0a97e76651ace45c5d943ee3f65b63ae",
    "abc493b6d529d5de7569faaef2773ba3",
  ]],
  ["breastmnist", "breast ultrasound, 2 classes", ["malignant", "normal_or_benign"], [
    "750601b1f35ba3300ea97c75c52ff8f6",
    "742edef2a1fd1524b2efff4bd7ba9364",
    "363e4b3f8d712e9b5de15470a2aaadf1",
    "b56378a6eefa9fed602bb16d192d4c8b",
  ]],
  ["pneumoniamnist", "chest X-rays of children, 2 classes", ["normal", "pneumonia"], [
    "28209eda62fecd6e6a2d98b1501bb15f",
    "8f4eceb4ccffa70c672198ea285246c6",
    "05b46931834c231683c68f40c47b2971",
    "d6a3c71de1b945ea11211b03746c1fe1",
  ]],
  ["dermamnist", "dermatoscopy, 7 classes", [
    ...["actinic_keratoses", "basal_cell_carcinoma", "benign_keratosis", "dermatofibroma"],
    ...["melanoma", "melanocytic_nevi", "vascular_lesions"],
  ], [
    "0744692d530f8e62ec473284d019b0c7",
    "b70a2f5635c6199aeaa28c31d7202e1f",
    "2defd784463fa5243564e855ed717de1",
    "8974907d8e169bef5f5b96bc506ae45d",
  ]],
  ["bloodmnist", "blood cells under the microscope, 8 classes", [
    ...["basophil", "eosinophil", "erythroblast", "immature_granulocytes", "lymphocyte"],
    ...["monocyte", "neutrophil", "platelet"],
  ], [
    "7053d0359d879ad8a5505303e11de1dc",
    "2b94928a2ae4916078ca51e05b6b800b",
    "adace1e0ed228fccda1f39692059dd4c",
    "b718ff6835fcbdb22ba9eacccd7b2601",
  ]],
  ["pathmnist", "colorectal tissue, 9 classes", [
    ...["adipose", "background", "debris", "lymphocytes", "mucus", "smooth_muscle"],
    ...["normal_colon_mucosa", "cancer_associated_stroma", "adenocarcinoma_epithelium"],
  ], [
    "a8b06965200029087d5bd730944a56c1",
    "55aa9c1e0525abe5a6b9d8343a507616",
    "ac42d08fb904d92c244187169d1fd1d9",
    "2c51a510bcdc9cf8ddb2af93af1eadec",
  ]],
  ["tissuemnist", "kidney cortex cells, 8 classes", [
    ...["collecting_duct", "distal_convoluted_tubule", "glomerular_endothelial_cells"],
    ...["interstitial_endothelial_cells", "leukocytes", "podocytes"],
    ...["proximal_tubule_segments", "thick_ascending_limb"],
  ], [
    "ebe78ee8b05294063de985d821c1c34b",
    "123ece2eba09d0aa5d698fda57103344",
    "61b955355d7425a89687b06cca3ce0c2",
    "b077128c4a949f0a4eb01517f9037b9c",
  ]],
  ["organamnist", "organs in CT, axial, 11 classes", ORGANS, [
    "68e3f8846a6bd62f0c9bf841c0d9eacc",
    "2dcccc29b88e6da5a01161ef20cda288",
    "eeae80d0a227a8d099027e1b3cfd3b60",
    "50747347e05c87dd3aaf92c49f9f3170",
  ]],
  ["organcmnist", "organs in CT, coronal, 11 classes", ORGANS, [
    "b9ceb9546e10131b32923c5bbeaea2b1",
    "3ce34a8724ea6f548e6db4744d03b6a9",
    "773c1f009daa3fe5d9a2a201b2a7ed94",
    "050f5e875dc056f6768abf94ec9995d1",
  ]],
  ["organsmnist", "organs in CT, sagittal, 11 classes", ORGANS, [
    "9ab87b696fb54e2a387ebe992d6ed5f1",
    "53a6d115339d874c25e309a994ff46d3",
    "ded0c5fa01a95dc4978b956f613e9b8e",
    "b354719e553fbbb2513d5533f52a4cb1",
  ]],
  ["chestmnist", "chest X-rays with 14 findings each: several labels, which are not loaded", [], [
    "02c8a6516a18b556561a56cbdd36c4a8",
    "9de6cd0b934ebb5b7426cfba5efbae16",
    "db107e5590b27930b62dbaf558aebee3",
    "45bd33e6f06c3e8cdb481c74a89152aa",
  ]],
];

const KAGGLE = [
  "Make an account at kaggle.com and accept the rules on the page of the data.",
  "Make an API token in the settings of the account, and save it as ~/.kaggle/kaggle.json.",
];

const BY_HAND: readonly (Omit<KnownData, "source"> & Omit<HandSource, "kind">)[] = [
  {
    name: "aptos2019",
    about: "3,662 graded fundus photographs of APTOS 2019 Blindness Detection",
    licence: "rules of the competition",
    path: "aptos2019",
    classes: DR_GRADES,
    page: "https://www.kaggle.com/c/aptos2019-blindness-detection/data",
    steps: [
      ...KAGGLE,
      "kaggle competitions download -c aptos2019-blindness-detection",
      "unzip aptos2019-blindness-detection.zip -d DATA/aptos2019",
    ],
  },
  {
    name: "eyepacs",
    about: "35,126 graded fundus photographs of EyePACS, two of each patient",
    licence: "rules of the competition",
    path: "eyepacs",
    classes: DR_GRADES,
    page: "https://www.kaggle.com/c/diabetic-retinopathy-detection/data",
    steps: [
      ...KAGGLE,
      "kaggle competitions download -c diabetic-retinopathy-detection (about 90 GB)",
      "Join and unpack train.zip.001 to .005 and trainLabels.csv.zip into DATA/eyepacs.",
    ],
  },
  {
    name: "messidor2",
    about: "1,748 fundus photographs of Messidor-2, with grades by Google Brain",
    licence: "on request, for research",
    path: "messidor2",
    classes: DR_GRADES,
    page: "https://www.adcis.net/en/third-party/messidor2/",
    steps: [
      "Ask for the images on the page, and unpack them into DATA/messidor2.",
      ...KAGGLE,
      "kaggle datasets download -d google-brain/messidor2-dr-grades --unzip -p DATA/messidor2",
    ],
  },
  {
    name: "idrid",
    about: "516 graded fundus photographs of IDRiD, with its own test set",
    licence: "CC BY 4.0",
    path: "idrid",
    classes: DR_GRADES,
    page: "https://ieee-dataport.org/open-access/indian-diabetic-retinopathy-image-dataset-idrid",
    steps: [
      "Log in on the page (a free IEEE account does), and download B. Disease Grading.zip.",
      "Unpack it into DATA/idrid.",
    ],
  },
];

/** All data sets known by name. */
export const KNOWN_DATA: readonly KnownData[] = [
  ...MEDMNIST.flatMap(([name, about, classes, sums]) =>
    sums.map((md5, i): KnownData => {
      const size = [28, 64, 128, 224][i], full = i === 0 ? name : `${name}_${size}`;
      return {
        name: full,
        about: `MedMNIST v2, ${size} x ${size}: ${about}`,
        licence: name === "dermamnist" ? "CC BY-NC 4.0" : "CC BY 4.0",
        path: `${full}.npz`,
        classes,
        source: {
          ...{ kind: "file", baseUrl: ZENODO, md5 },
          ...full === "retinamnist" && { bytes: 3_291_041 },
        },
      };
    })
  ),
  ...BY_HAND.map(({ page, steps, ...known }): KnownData => ({
    ...known,
    source: { kind: "hand", page, steps },
  })),
];

/** The data set of a file name, e.g. `retinamnist_64.npz`, in any folder. */
export function knownFile(file: string): KnownData | undefined {
  return KNOWN_DATA.find(({ path, source }) =>
    source.kind === "file" && path === file.toLowerCase()
  );
}
