'use strict';
(() => {
    const jobs = [...document.querySelectorAll('.job')];
    const find = document.getElementById('find');
    const form = find.form;
    const count = document.getElementById('count');
    const none = document.getElementById('none');
    const texts = new Map();

    // Names, scenes, ids and reasons are what stands in a bdi.
    const textOf = job => {
        if (!texts.has(job)) {
            texts.set(job, [...job.querySelectorAll('bdi')].map(part => part.textContent).join('\n').toLowerCase());
        }
        return texts.get(job);
    };
    const chosen = () => form.elements.state.value ?? '';
    const shown = () => jobs.filter(job => !job.hidden);

    const filter = () => {
        const state = chosen();
        const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
        let matches = 0;
        for (const job of jobs) {
            const isMatch = (state === '' || (state === 'wrong' ? 'wrong' in job.dataset : job.dataset.state === state))
                && words.every(word => textOf(job).includes(word));
            job.hidden = !isMatch;
            matches += isMatch ? 1 : 0;
        }
        none.hidden = matches > 0;
        count.textContent = matches === jobs.length ? `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}` : `${matches} of ${jobs.length}`;
        history.replaceState(null, '', state ? `#${state}` : location.pathname + location.search);
    };

    const choose = state => {
        const choice = [...form.elements.state].find(input => input.value === state);
        if (choice) {
            choice.checked = true;
        }
    };

    const step = by => {
        const list = shown();
        const at = list.indexOf(document.activeElement?.closest('.job'));
        const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
        next?.focus();
        next?.scrollIntoView({ block: 'nearest' });
    };

    // The browser's controls cover half of so small a picture: they come with the first play.
    const play = job => {
        const video = job.querySelector('video');
        if (video) {
            video.controls = true;
            job.querySelector('.play').hidden = true;
            video.paused ? video.play().catch(() => {}) : video.pause();
        }
    };
    for (const button of document.querySelectorAll('.play')) {
        button.hidden = false;
        button.parentElement.querySelector('video').controls = false;
        button.addEventListener('click', () => play(button.closest('.job')));
    }

    form.addEventListener('input', filter);
    form.addEventListener('submit', event => event.preventDefault());
    document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (event.key === 'Escape') {
            find.value = '';
            choose('');
            filter();
        } else if (event.target.matches('input[type=search]')) {
            return;
        } else if (event.key === '/') {
            event.preventDefault();
            find.focus();
        } else if (event.key === 'j' || event.key === 'k') {
            step(event.key === 'j' ? 1 : -1);
        } else if (event.key === 'Enter' && event.target.matches('.job')) {
            play(event.target);
        }
    });

    // One video sounds at a time.
    document.addEventListener('play', event => {
        for (const video of document.querySelectorAll('video')) {
            if (video !== event.target) {
                video.pause();
            }
        }
    }, true);

    // A file that is not there: its name in its place.
    const miss = media => {
        const frame = media.closest('a, figure');
        frame.classList.add('missing');
        frame.dataset.missing = media.alt ?? 'The video is not where it was saved';
        frame.querySelector('.play')?.remove();
    };
    document.addEventListener('error', event => {
        if (event.target.matches?.('img, video')) {
            miss(event.target);
        }
    }, true);
    [...document.images].filter(image => image.complete && image.naturalWidth === 0 && image.currentSrc).forEach(miss);

    // Posters have no lazy loading of their own.
    const nearing = new IntersectionObserver(entries => {
        for (const { target, isIntersecting } of entries) {
            if (isIntersecting) {
                target.poster = target.dataset.poster;
                nearing.unobserve(target);
            }
        }
    }, { rootMargin: '600px' });
    for (const video of document.querySelectorAll('video[data-poster]')) {
        nearing.observe(video);
    }

    // The reader's own language and zone.
    const moments = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: 'numeric' });
    const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });
    for (const time of document.querySelectorAll('.job time')) {
        time.title = time.dateTime;
        time.textContent = moments.format(new Date(time.dateTime));
    }
    const when = document.querySelector('.when');
    if (when) {
        const [from, to = from] = [...when.querySelectorAll('time')].map(time => new Date(time.dateTime));
        when.textContent = whole.formatRange(from, to);
    }

    choose(decodeURIComponent(location.hash.slice(1)));
    filter();
})();
