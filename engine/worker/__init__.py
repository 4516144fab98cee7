"""The worker: takes shoots from the ledger, has the engine make them, and writes down each headshot as soon as it is finished.

One worker has one device. The lanes `shoots` and `quarantine` share it, one job at a time; `screenings` have an engine process of
their own, so that a busy device never delays the advice on a selfie. More devices or machines are more workers on the same ledger.
"""
