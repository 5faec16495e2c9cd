"""Scores of generated images by the class probabilities p(y|x) that a classifier gives them.

K is the number of classes, N the number of samples, p* = 1/N sum_i p(y|x_i) their mean and H the
entropy. Natural logarithms, 0 log 0 = 0.
"""

import numpy as np
from scipy import stats

from keras_iidgan.metrics.class_sums import (
    ClassSums,
    check_probabilities,
    check_shares,
    score_figures,
)

FORMS = ("che2017", "xu2018")


def inception_score(probabilities, *, splits: int = 10) -> dict[str, float]:
    """Inception Score, and the two entropies that it is made of.

    Formula:
        inception_score   mean over the splits of exp(1/n sum_i KL(p(y|x_i) || p*)),
                          p* being the mean of the split's own n samples
        inception_score_std   sample standard deviation over the splits, 0 for one
        class_perplexity  exp(H(p*)) over all samples: of K at most, the higher the more diverse
        sample_perplexity exp(1/N sum_i H(p(y|x_i))) over all samples: of 1 at least, the lower
                          the clearer
    With one split, inception_score = class_perplexity / sample_perplexity exactly.

    A perfect sampler has the score of as many real images, which depends on the classifier; with
    one that is never in doubt, on K classes of equal shares, it is K.

    Args:
        probabilities: [N, K], rows that sum to 1, in the order of drawing.
        splits: number of consecutive parts, as equal as N allows.

    Returns:
        The figures above and `inception_score_samples` = N.

    Raises:
        ValueError: the rows are no probabilities, or there are fewer than `splits`.

    Reference:
        Salimans et al., Improved Techniques for Training GANs, 2016: 10 splits of 50,000 samples.
    """
    p = check_probabilities("probabilities", probabilities)
    if not 1 <= splits <= len(p):
        raise ValueError(f"splits must be in 1..{len(p)}, the number of samples; got {splits!r}")
    parts = np.array_split(p, splits)
    return score_figures([ClassSums(p.shape[1]).update(part) for part in parts])


def mode_score(probabilities, train_shares, *, form: str = "che2017") -> dict[str, float]:
    """Mode Score, an Inception Score that is to miss the classes that the data have.

    Formula:
        che2017: exp(1/N sum_i KL(p(y|x_i) || p_train) - KL(p* || p_train))
        xu2018:  exp(1/N sum_i KL(p(y|x_i) || p*) - KL(p* || p_train))

    With p* the mean of the p(y|x_i), che2017 equals the Inception Score of one split whatever
    p_train is, since p_train cancels. xu2018 falls below it by the factor exp(KL(p* || p_train)),
    so it alone tells whether classes have their shares.

    Args:
        probabilities: [N, K], rows that sum to 1.
        train_shares: [K], p_train, the share of each class in the training data, above 0.
        form: one of `FORMS`.

    Returns:
        `mode_score_<form>` and `mode_score_samples` = N.

    Raises:
        ValueError: an argument isn't a distribution, or the form is unknown.

    Reference:
        Che et al., Mode Regularized GANs, 2017, as LDMGAN prints it in eq. 11; Xu et al., An
        Empirical Study on Evaluation Metrics of GANs, 2018.
    """
    p = check_probabilities("probabilities", probabilities)
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}; got {form!r}")
    value = ClassSums(p.shape[1]).update(p).mode_score(train_shares, form)
    return {f"mode_score_{form}": value, "mode_score_samples": float(len(p))}


def class_figures(
    probabilities, *, train_shares=None, least_confidence: float = 0.75
) -> dict[str, float]:
    """Shares of the classes among generated images, with an extra class of bad ones.

    Formula, with n_k the samples whose largest probability is that of class k, and g_k those of
    them for which it reaches `least_confidence`:
        classes_covered   number of classes with g_k >= 1
        bad_fraction      1 - sum_k g_k / N, the share of the class K + 1
        high_quality      sum_k g_k / N
        kl_uniform        sum_k a_k log(K a_k),       a_k = n_k / N
        kl_train          sum_k a_k log(a_k / w_k),   w_k = `train_shares`
        kl_uniform_good, kl_train_good   the same with a_k = g_k / sum_j g_j; log K, and
                          -log min_k w_k, where no sample is good
        kl_bias           (K - 1) / (2 N), what a perfect sampler's kl has on average: 0.0192 for
                          the 1,000 classes of 26,000 stacks
        kl_bias_good      (K - 1) / (2 sum_j g_j), left out where no sample is good

    Args:
        probabilities: [N, K], rows that sum to 1.
        train_shares: [K], above 0; None leaves the figures that need them out.
        least_confidence: 0.75 in IID-GAN's protocol, 0.7 in SIG's.

    Returns:
        The figures above.

    Raises:
        ValueError: an argument isn't a distribution, or the confidence isn't in [0, 1].

    Reference:
        IID-GAN, section 5.2 (11 classes of MNIST); semi-implicit generative model, section 5.3.
    """
    p = check_probabilities("probabilities", probabilities)
    if not 0 <= least_confidence <= 1:
        raise ValueError(f"least_confidence must be in [0, 1]; got {least_confidence!r}")
    classes = p.shape[1]
    assigned, good = p.argmax(axis=1), p.max(axis=1) >= least_confidence
    counts = {
        "": np.bincount(assigned, minlength=classes),
        "_good": np.bincount(assigned[good], minlength=classes),
    }
    bias = {"kl_bias": (classes - 1) / (2 * len(p))}
    if good.any():
        bias["kl_bias_good"] = (classes - 1) / (2 * int(good.sum()))
    targets = {"uniform": np.full(classes, 1 / classes)}
    if train_shares is not None:
        targets["train"] = check_shares("train_shares", train_shares, classes)
    return {
        "classes_covered": float((counts["_good"] > 0).sum()),
        "bad_fraction": float(1 - good.mean()),
        "high_quality": float(good.mean()),
        **bias,
    } | {
        f"kl_{target}{kind}": _divergence(n, shares)
        for target, shares in targets.items()
        for kind, n in counts.items()
    }


def _divergence(counts, shares):
    if not counts.sum():
        return float(-np.log(shares.min()))
    return float(stats.entropy(counts, shares))
