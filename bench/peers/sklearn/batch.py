"""Answers a file of cases as a script of a few lines would: pandas reads it, scikit-learn answers, pandas writes it.

Usage: batch.py DATASET.csv CASES.csv OUT.csv. One JSON object {name, seconds} on stdout; training is not counted.
"""

import json
import sys
import time

import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PowerTransformer
from sklearn.svm import SVC

NAME = "PowerTransformer+SVC(rbf, C=10, gamma=0.01)+Platt"

dataset, cases, out = sys.argv[1:]
training = pd.read_csv(dataset)
names = [name for name in training.columns if name != "diagnosis"]
model = make_pipeline(PowerTransformer(), SVC(C=10, gamma=0.01, probability=True, random_state=0))
model.fit(training[names], training["diagnosis"] == "M")

started = time.perf_counter()
frame = pd.read_csv(cases)
frame["probability"] = model.predict_proba(frame[names])[:, 1]
frame.to_csv(out, index=False)
print(json.dumps({"name": NAME, "seconds": time.perf_counter() - started}))
