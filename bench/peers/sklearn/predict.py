"""Times predict_proba of scikit-learn's peers on many rows; one JSON object {peer: seconds} on stdout.

Usage: predict.py DATASET.csv ROWS. The rows are those of the dataset over and over, each value changed a little.
"""

import json
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PowerTransformer, StandardScaler
from sklearn.svm import SVC

PEERS = {
    "LogisticRegression(C=1)": lambda: make_pipeline(StandardScaler(), LogisticRegression(C=1, max_iter=1000)),
    "SVC(rbf, C=10, gamma=0.01)+Platt": lambda: make_pipeline(
        StandardScaler(), SVC(C=10, gamma=0.01, probability=True, random_state=0)
    ),
    "PowerTransformer+SVC(rbf, C=10, gamma=0.01)+Platt": lambda: make_pipeline(
        PowerTransformer(), SVC(C=10, gamma=0.01, probability=True, random_state=0)
    ),
}

path, count = sys.argv[1], int(sys.argv[2])
table = np.genfromtxt(path, delimiter=",", skip_header=1, dtype=str)
labels = (table[:, 0] == "M").astype(int)
values = table[:, 1:].astype(float)
rows = np.resize(values, (count, values.shape[1])) * (1 + 0.02 * np.random.default_rng(1).uniform(-1, 1, (count, 1)))

seconds = {}
for name, create in PEERS.items():
    model = create().fit(values, labels)
    started = time.perf_counter()
    model.predict_proba(rows)
    seconds[name] = time.perf_counter() - started
print(json.dumps(seconds))
