PROPERTIES = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
]

# The dataset's order: ten means, ten standard errors, ten worsts.
FIELDS = [f"{prop}_{group}" for group in ("mean", "se", "worst") for prop in PROPERTIES]
