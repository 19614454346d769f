# Русский. Обращение на «вы». Когда звучит фраза, сказано над ней.

## Start, help, groups
# /start, first private message, bot added
start-welcome = Пришлите видео, и я подготовлю к нему метаданные с помощью ИИ. Или просто расскажите, что задумали.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = сгенерируй мои видеоклипы
example-3 = сгенерируй названия, описание и теги для моего видео на YouTube
example-label-1 = Сгенерировать клипы
example-label-2 = Экспорт MP4 1080p
example-label-3 = Названия для YouTube
# once per person, before the first upload
start-notice = Видео отправляется на обработку в видеосервис NEMO. Подробнее: /privacy. Удалить данные можно в любой момент: /forget.
# /start with a project open
start-returning = { $tracks ->
    [one] С возвращением. В этом проекте {$tracks} дорожка, длительность {$duration}. /status покажет его, /new начнёт новый.
    [few] С возвращением. В этом проекте {$tracks} дорожки, длительность {$duration}. /status покажет его, /new начнёт новый.
    [many] С возвращением. В этом проекте {$tracks} дорожек, длительность {$duration}. /status покажет его, /new начнёт новый.
   *[other] С возвращением. В этом проекте {$tracks} дорожки, длительность {$duration}. /status покажет его, /new начнёт новый.
}
# /help
help-text =
    Пришлите видео и скажите своими словами, что нужно. Я принимаю {$formats}, здесь до {$limit}; лучше всего получается с короткими роликами на одну тему.

    {$commands}
# bot added to a group or server
group-intro = Здравствуйте. В этом чате я отвечаю на команды, упоминания и ответы на мои сообщения; после /clips on — и на каждое видео.
# Discord: a reply to the bot came without its text
group-mention-me = Я не могу прочитать ответ без упоминания. Ответьте ещё раз, включив @, или воспользуйтесь командой.
# Discord: words in a project's thread came without their text
thread-mention-me = Здесь я не могу прочитать сообщения без упоминания. Напишите ещё раз, поставив впереди @ и моё имя, или воспользуйтесь командой.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = Этой кнопкой могут пользоваться только автор запроса и администраторы.
# token or other private data in a group
group-private-only = ⚠️ Пожалуйста, сделайте это в личном чате со мной.
# /clips on
clips-on = Теперь я обрабатываю каждое видео, которое здесь публикуют. Выключить: /clips off.
# /clips off
clips-off = Хорошо, здесь я отвечаю, только когда ко мне обращаются.
# /clips by someone else
clips-admins-only = Это могут менять только администраторы.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord не даёт этому боту читать здешние сообщения. Обратитесь к его владельцу или выберите для сообщения **Создать метаданные**.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram скрывает от меня обычные сообщения этой группы, и видео тоже. Сделайте меня администратором или попросите моего владельца отключить режим приватности.
# something else than video is asked for
not-video = Этот бот работает только с видео. Пришлите ролик или скажите, что с ним сделать.
# a platform permission is absent
perm-missing = ⚠️ Здесь у меня нет разрешения: {$permission}. Попросите модераторов или напишите мне в личный чат.
perm-threads = создавать ветки (Create Public Threads)
perm-view = видеть этот канал (View Channel)
perm-send = писать сообщения (Send Messages)
perm-send-threads = писать в ветках (Send Messages in Threads)
perm-files = отправлять файлы (Attach Files)
perm-history = читать прежние сообщения (Read Message History)
# button of an earlier project, as a message to the asker
button-stale = Эта кнопка от прежнего проекта. Нажмите кнопку в самом новом сообщении.
# second press, as a message to the asker
button-done = Это уже сделано.
# a button whose meaning is no longer kept, as a message to the asker
button-old = Эта кнопка слишком старая. Напишите ещё раз, что нужно сделать, или нажмите кнопку в самом новом сообщении.

## Session and account
# first call of a session
setup-connecting = Готовлюсь…
# backend unreachable
setup-failed = ⚠️ Сейчас видеосервис недоступен. Подождите, пожалуйста, несколько минут.
# session gone, new one made
session-renewed = Прежняя сессия истекла, я начал новую. Пришлите видео ещё раз, пожалуйста.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ Сейчас у сервиса нет свободных бесплатных аккаунтов для этого бота. Подключите свой через /connect или попробуйте через несколько дней.
# the user's own token is refused
account-expired = ⚠️ Токен вашего аккаунта больше не действует. Пришлите новый через /connect.
# the operator's token is refused
account-operator-down = ⚠️ С аккаунтом этого бота что-то не так. Владелец уже знает.
# /connect without a token
connect-ask = Отправьте /connect и токен вашего аккаунта NEMO. Я храню его в зашифрованном виде, использую только для вас и больше не показываю.
# token accepted
connect-done = ✅ Подключено. Следующее видео начнёт новый проект в вашем аккаунте.
# token refused
connect-bad = ⚠️ Этот токен не подошёл. Скопируйте его заново из настроек аккаунта на {$web} и отправьте через /connect.
# token posted in a group
connect-leaked = ⚠️ Этот токен могли увидеть другие. Отзовите его в настройках аккаунта и пришлите мне новый в личный чат.
# Disconnect pressed
connect-removed = Отключено. Токен здесь удалён; следующее видео начнёт новый проект.

## Upload
# file accepted
upload-received = Получено: {$name} ({$size}, {$duration}). Загружаю…
# the same where the platform does not tell how long it is
upload-received-plain = Получено: {$name} ({$size}). Загружаю…
# edited at most every 5 s
upload-progress = ⏳ Загружаю {$name}: {$pct} % ({$done} из {$size})
# finished, no caption
upload-done = ✅ Загружено. Что с этим сделать?
# finished, the clip had a caption
upload-caption-used = ✅ Загружено. Выполняю: «{$request}»
# several files
upload-album = { $n ->
    [one] Получен {$n} файл. Добавлю в этот проект.
    [few] Получено {$n} файла. Добавлю в этот проект по порядку.
    [many] Получено {$n} файлов. Добавлю в этот проект по порядку.
   *[other] Получено {$n} файла. Добавлю в этот проект по порядку.
}
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram разрешает мне скачивать файлы до {$limit}, а в этом {$size}. Пришлите ссылку на файл или ролик покороче.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram разрешает мне скачивать файлы до {$limit}, а этот больше. Пришлите ссылку на файл или ролик покороче.
# over the service's limit
upload-too-large-service = ⚠️ Размер {$name} — {$size}, а предел — {$limit}. Сожмите или обрежьте видео и пришлите ещё раз.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ Для видеосервиса {$name} ({$size}) — слишком большой файл. Сожмите или обрежьте видео и пришлите ещё раз.
# wrong type
upload-unsupported = ⚠️ Файлы {$ext} не подходят. Я принимаю: {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ Видеосервису не подходит {$name}. Сохраните видео в другом формате и пришлите ещё раз: {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ Файл больше предела в {$limit}. Сожмите или обрежьте видео и пришлите ещё раз.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ Видеосервису не подходит такой тип файла. Я принимаю: {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ Эта ссылка не подходит. Нужна открытая прямая ссылка на видеофайл.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ Я не вижу размер файла и не могу понять, дошёл ли он целиком. Пришлите его ещё раз, пожалуйста.
# the platform's file link has run out
upload-expired = ⚠️ Ссылка на вложение устарела. Пришлите видео ещё раз, пожалуйста.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ Загрузка не прошла. Проект не изменился; пришлите видео ещё раз, пожалуйста.
   *[other] ⚠️ Загрузка прервалась на {$pct} %. Проект не изменился; пришлите видео ещё раз, пожалуйста.
}
# below another reason why a clip did not get in
upload-again = Потом пришлите видео ещё раз, пожалуйста.
# user stopped it
upload-cancelled = Загрузка остановлена. Проект не изменился.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = Загрузка остановлена.
# below why one of several files did not get in
upload-partly = Из этого сообщения уже в проекте: {$names}.
# /upload with nothing, "I want to upload"
upload-how = Прикрепите видео к сообщению или отправьте /upload с открытой ссылкой на файл.
# edit wished, project empty
upload-none-yet = В этом проекте ещё нет видео. Пришлите его файлом или ссылкой.

## Work
# the request is sent
work-started = ⏳ Работаю…
# every 2 min of silence, in the same message
work-still = ⏳ Всё ещё работаю… (прошло {$elapsed})
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = Это ещё не всё. Скоро я не смогу менять это сообщение; нажмите **Получить результат**, чтобы увидеть, что пришло.
# below the last message of a long reply; the file comes next
reply-whole = 📄 Ответ слишком длинный для чата; весь текст ниже, в файле.
# the same where not all of it was kept
reply-part = 📄 Ответ слишком длинный для чата; что сохранилось — ниже, в файле, и части может не хватать.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ Видеосервис занят. Попробую ещё раз {$when}.
# a further request while one runs; becomes the live message of its turn
work-queued = Я ещё занят вашим прошлым запросом. Этот в очереди под номером {$place}.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ Смотрю ваш клип…
work-generating = ⏳ Создаю клип…
work-music = ⏳ Работаю со звуком…
work-editing = ⏳ Работаю с таймлайном…
# with work-started, before generation or editing
work-long = Это может занять несколько минут.
# after an edit, two or three steps
work-next = Что можно дальше: {$steps}
edit-ask = Что изменить? Скажите своими словами, например: {$steps}
# the steps
next-title = добавить заголовок
next-music = добавить музыку
next-shorter = сделать короче
next-export = экспортировать MP4
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ Черновое видео готово. Сервис его дорабатывает…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ Ответ готов, смотрите выше.
# the same where it ended otherwise
work-ping-ended = ⚠️ Запрос завершён, смотрите выше.
# a message is edited while it is worked on
edit-too-late = Я уже работаю над первым вариантом. Пришлите изменение новым сообщением.
# the inbox is full; at most once a minute
work-queue-full = { $n ->
    [one] ⚠️ В очереди уже {$n} ваш запрос. Пришлите это ещё раз чуть позже.
    [few] ⚠️ В очереди уже {$n} ваших запроса. Пришлите это ещё раз чуть позже.
    [many] ⚠️ В очереди уже {$n} ваших запросов. Пришлите это ещё раз чуть позже.
   *[other] ⚠️ В очереди уже {$n} ваших запроса. Пришлите это ещё раз чуть позже.
}
# waiting request dropped
work-dropped = Отменено: «{$request}»
# user stopped
work-stopped = Больше не жду. Сервис ещё может закончить эту правку; /status покажет, что есть сейчас.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ Это длилось слишком долго, и я перестал ждать. Повторно я ничего не отправлял, дважды с вас не спишут.
# no words, project changed
work-silent-done = ✅ Готово. Изменения: {$diff}
# no words, project as before
work-silent-nochange = Ответа нет, и проект не изменился. Скажите иначе, например «{$example}».
# the run failed, and no change is to be seen
work-failed = ⚠️ Видеосервис сообщил об ошибке и не закончил работу (код {$reference}). Повторно я ваш запрос не отправлял.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ Сервис сообщил об ошибке до конца работы. Изменения всё же есть: {$diff}
# the service added more after the first result
work-second-stage = Сервис также сам внёс изменения: {$diff}
# bot restarted in mid-work
work-resumed = Меня перезапустили во время работы. Проверяю результат…
# stream lost
work-rechecking = Соединение прервалось. Проверяю, выполнена ли правка…
# state changed after a lost stream
work-recovered = ✅ Соединение прервалось, но правка выполнена. Изменения: {$diff}
# still unchanged after all checks
work-unknown = ⚠️ Соединение прервалось, и проект не изменился. Повторно я ваш запрос не отправлял.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ Сейчас не удаётся прочитать проект, и я не знаю, выполнен ли ваш запрос. Сначала проверьте состояние: при повторе он может выполниться дважды.
# a request failed inside the bot three times
work-gave-up = ⚠️ Не удалось обработать это сообщение (код {$reference}). Попробуйте сказать иначе.
# what waited too long to be begun, after a restore or a long stop
work-too-old = Это сообщение ждало больше двух дней, поэтому я не начал. Отправьте его ещё раз, если оно ещё нужно.
# orderly stop during a request, below the text so far
work-back-soon = Меня перезапускают, поэтому ответ обрывается здесь. Скоро проверю результат.
# /cancel with nothing running
cancel-nothing = Сейчас ничего не выполняется.
# /new
new-done = Новый проект. Пришлите видео, чтобы начать; прежний проект не удалён.
# /new while a request runs
new-busy = Я ещё работаю над текущим проектом.
# the bot cannot save
store-down = ⚠️ Минуту: сейчас я не могу сохранять сообщения. Отвечу, как только смогу.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ Сейчас не удалось надёжно сохранить запрос, поэтому я его не отправил. Ничего не списано.
# anything unforeseen
error-internal = ⚠️ У меня что-то пошло не так (код {$reference}). Ваш запрос не отправлен дважды.
# the service refuses the request, and would again
error-refused = ⚠️ Видеосервис отклонил этот запрос (код {$reference}). Скажите иначе или сообщите владельцу бота.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ Не удаётся прочитать сохранённое здесь (код {$reference}), начинаю заново. Ваши проекты на сервисе не удалены.
# own limiter; at most once a minute
limit-rate = { $n ->
    [one] Достигнут предел: {$n} запрос в {$period}. Попробуйте снова {$when}.
    [few] Достигнут предел: {$n} запроса в {$period}. Попробуйте снова {$when}.
    [many] Достигнут предел: {$n} запросов в {$period}. Попробуйте снова {$when}.
   *[other] Достигнут предел: {$n} запроса в {$period}. Попробуйте снова {$when}.
}
# 429 from the service, after its one retry
limit-service = ⚠️ Видеосервис занят. Он должен освободиться {$when}.

## Metadata
# head of the card
meta-result = **Названия, описание и теги** для {$name}
# the same where nothing tells the clip
meta-result-unnamed = **Названия, описание и теги**
# above titles alone
meta-titles = **Названия**
# above the description
meta-description = **Описание**
# above the tags
meta-tags = **Теги**
# above the hashtags
meta-hashtags = **Хештеги**
# above the chapters
meta-chapters = **Главы**
# a title that the agent recommends
meta-recommended = {$title} (рекомендуется)
# fields in a count
meta-part-title = название
meta-part-description = описание
meta-part-caption = текст
meta-part-tags = теги
meta-part-hashtags = хештеги
meta-part-chapters = главы
meta-part-mentions = упоминания
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ Подходит под ограничения {$platform}: {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ Слишком много для {$platform}: {$counts}.
# all rules pass
meta-check-ok = ✅ Подходит под ограничения {$platform}: название {$t}/{$tmax}, описание {$d}/{$dmax}, теги {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ В названии {$n} — {$len} симв.; {$platform} допускает {$max}.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ Описание занимает {$len} Б; {$platform} допускает {$max}.
# allowed, not advised
meta-check-warn = {$platform} показывает только первые {$shown} симв. названия {$n}.
# tags over budget
meta-trimmed = { $n ->
    [one] Я убрал {$n} тег, чтобы уложиться в {$max} симв. для {$platform}: {$list}
    [few] Я убрал {$n} тега, чтобы уложиться в {$max} симв. для {$platform}: {$list}
    [many] Я убрал {$n} тегов, чтобы уложиться в {$max} симв. для {$platform}: {$list}
   *[other] Я убрал {$n} тега, чтобы уложиться в {$max} симв. для {$platform}: {$list}
}
# automatic repairs
meta-repaired = Исправлено для {$platform}: {$list}
# what was adjusted: angle brackets
meta-fix-angles = < и > заменены на ‹ и ›
# what was adjusted: characters that nobody sees
meta-fix-invisible = невидимые символы удалены
# what was adjusted: the same twice
meta-fix-repeated = повторы опущены: {$list}
# what was adjusted: tags that are too long
meta-fix-long = слишком длинные опущены: {$list}
# what was adjusted: too many
meta-fix-many = сверх лимита опущены: {$list}
# what was adjusted: hashtags
meta-fix-hashtags = хештеги исправлены: {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} советует меньше: {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} не примет эти главы: {$reason}.
# why
meta-chapters-start = первая должна начинаться с 0:00
meta-chapters-few = их должно быть не меньше трёх
meta-chapters-order = каждая должна идти после предыдущей
meta-chapters-close = каждая должна длиться не меньше 10 секунд
meta-chapters-beyond = одна из них за пределами видео
# **Another language** pressed
meta-language-ask = На каком языке их написать?
# a post too long for X, in several
meta-thread = { $n ->
    [one] Умещается в {$n} пост:
    [few] Тред из {$n} постов:
    [many] Тред из {$n} постов:
   *[other] Тред из {$n} поста:
}
# files attached
meta-files = Файлы для {$name}. CSV открывается в Excel; содержимое файла тегов можно сразу вставить.
# files attached, where nothing tells the clip
meta-files-unnamed = Ваши файлы. CSV открывается в Excel; содержимое файла тегов можно сразу вставить.
# a button of titles, description and tags that are no longer kept
meta-gone = Этих названий и тегов у меня больше нет. Новые можно получить через /meta.
# **Generate metadata** on a message without a clip
meta-no-clip = В этом сообщении нет видео. Выберите сообщение с видео.

## Status and credits
# /status
status-timeline = { $n ->
    [one] **Таймлайн** ({$n} дорожка):
    [few] **Таймлайн** ({$n} дорожки):
    [many] **Таймлайн** ({$n} дорожек):
   *[other] **Таймлайн** ({$n} дорожки):
}
# one per track
status-line = {$i}. {$track}: {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name} ({$from}–{$to} с{$volume})
# the text of a title, inside a line
status-text = «{$text}»
# behind the times of a segment that has a sound
status-volume = , {$percent} %
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = и ещё {$n}
# alt text of the picture
status-alt = { $n ->
    [one] Таймлайн, {$duration}, {$n} дорожка. {$lines}
    [few] Таймлайн, {$duration}, {$n} дорожки. {$lines}
    [many] Таймлайн, {$duration}, {$n} дорожек. {$lines}
   *[other] Таймлайн, {$duration}, {$n} дорожки. {$lines}
}
# no draft
status-empty = Здесь пока ничего нет. Пришлите видео, чтобы начать.
# clips, and no timeline
status-clips = В этом проекте {$n} видео, таймлайна ещё нет. Скажите, что сделать.
# a timeline that cannot be read
status-unreadable = Я не могу прочитать таймлайн этого проекта, но он на месте: можно монтировать дальше и экспортировать.
# with the timeline, while a request runs
status-working = ⏳ Запрос выполняется уже {$elapsed}.
# /credits, visible to the asker only where the platform can
credits-show = Кредиты: доступно {$available}, в резерве {$frozen}, всего {$total}. Экспорт бесплатный.
# below the threshold after a job
credits-low = Осталось кредитов: {$available}.
# balance cannot be read
credits-unknown = ⚠️ Сейчас не удаётся узнать баланс.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ Кредиты закончились. Зарегистрируйтесь по этой личной ссылке, чтобы сохранить проект: {$url}
# the same where others read it
credits-out-group = ⚠️ Кредиты закончились. После регистрации проект сохранится.
# out of credits, the user's own account
credits-out-own = ⚠️ В вашем аккаунте закончились кредиты. Пополните баланс на {$web}.
# out of credits, operator's account
credits-out-operator = ⚠️ В аккаунте этого бота закончились кредиты. Владелец уже знает.

## Export
# /export accepted
export-queued = ⏳ Экспортирую ваш MP4. Обычно это занимает от 30 до 90 секунд.
# each poll, same message
export-progress = ⏳ Экспортирую… {$elapsed} (обычно меньше 90 секунд)
export-unanswered = ⏳ Видеосервис не отвечает. Я продолжаю попытки.
# /export while one runs
export-running = Экспорт уже идёт ({$elapsed}). Файл придёт сюда.
# not done after 5 min
export-patience = ⏳ Экспорт идёт уже {$elapsed}. Файл придёт сюда сам; /export сразу проверит и не начнёт второй.
# not done at the deadline
export-gave-up = ⚠️ Экспорт не закончился (прошло {$elapsed}), и я перестал спрашивать. Проект не изменился.
# /cancel or Stop during a render
export-stopped = Экспорт остановлен. Проект не изменился.
# what was kept of a render does not open
export-lost = ⚠️ Я потерял ваш экспорт из виду (код {$reference}). Пожалуйста, запустите его заново.
# more than the service gives is asked for
export-max = Сервис экспортирует не больше 1080x1920. Экспортирую в этом размере.
# the status message becomes the result, with one of the two lines below
export-done = ✅ Ваш MP4 готов: {$details}.
export-done-plain = ✅ Ваш MP4 готов.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first}; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = Скачайте до {$expiry}: {$url}
# expiry unknown
export-link = Скачать: {$url}
# below a result: the project in a browser, for one person
web-link = Эта ссылка открывает проект в браузере. Она только для вас, не передавайте её.
# there is no link, and the file is about to be sent
export-file-next = Файл придёт следующим сообщением. Если нет, экспортируйте ещё раз; это бесплатно.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ Файл слишком большой для этого чата, а ссылки сервис не дал. Попросите вариант покороче и экспортируйте ещё раз.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ Не удалось получить файл от видеосервиса. Экспортируйте ещё раз; это бесплатно.
# the service does not know the project any more
export-session-gone = ⚠️ На видеосервисе этого проекта больше нет, экспортировать нечего. Пришлите видео ещё раз, пожалуйста.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ Ваш MP4 готов, смотрите выше.
# no segment in the draft
export-nothing = Экспортировать пока нечего. Сначала пришлите видео или попросите что-нибудь смонтировать.
# failed twice
export-failed = ⚠️ Экспорт не удался дважды. Проект не изменился.
export-refused = ⚠️ Видеосервис отклонил экспорт (код {$reference}). Проект не изменился.
# the plan does not allow it
export-plan-blocked = ⚠️ В тариф этого аккаунта экспорт не входит. Дело не в кредитах. {$plan_help}
# inside the former, anonymous account
export-plan-help = Зарегистрируйтесь на {$web}, чтобы он стал доступен.

## Language, privacy
# /language
language-ask = На каком языке мне говорить? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = Хорошо, теперь язык — {$language}.
# not understood
language-unknown = Я не знаю язык «{$value}». Напишите название, например English или 中文.
# /privacy
privacy-text = Я храню: ваши идентификаторы пользователя и чата, язык, аккаунт, идентификаторы проектов, историю заданий, имена видео, недавние запросы, последний ответ, тексты к вашим видео и незаконченный ответ в зашифрованном виде и не дольше {$days} дн. Видео проходят через этого бота в NEMO и здесь не хранятся. Этот бот ничего не использует для обучения моделей. Удалить всё: /forget
# below the former, where the operator has a policy
privacy-policy = Полная политика: {$url}
# /forget, first step
privacy-forget = Это удалит у этого бота ваши настройки, проекты, токен аккаунта и историю и остановит то, что выполняется. На файлы, которые уже в NEMO, действует политика NEMO.
# /forget, second step
privacy-forgotten = { $n ->
    [one] Удалена {$n} запись.
    [few] Удалены {$n} записи.
    [many] Удалено {$n} записей.
   *[other] Удалены {$n} записи.
}
# Keep pressed
privacy-kept = Ничего не удалено.

## What changed
diff-clip-added = клип добавлен на {$at} ({$duration})
diff-clip-removed = клип на {$at} убран
diff-clip-trimmed = клип на {$at}: {$before} → {$after}
diff-clip-moved = клип перемещён: {$before} → {$after}
diff-text-added = текст «{$text}», {$from}–{$to}
diff-text-changed = текст на {$at} теперь «{$text}»
diff-text-removed = текст на {$at} убран
diff-audio-added = добавлено: {$name} ({$volume})
diff-audio-changed = {$name}: {$before} → {$after}
diff-audio-removed = убрано: {$name}
diff-canvas = кадр {$before} → {$after}
diff-duration = длительность {$before} → {$after}
diff-media = новых файлов: {$n}
diff-other = другие изменения

## The picture of a timeline
# above it
picture-title = { $n ->
    [one] Таймлайн · {$n} дорожка · {$duration}
    [few] Таймлайн · {$n} дорожки · {$duration}
    [many] Таймлайн · {$n} дорожек · {$duration}
   *[other] Таймлайн · {$n} дорожки · {$duration}
}
# above it, where no length is known
picture-title-untimed = { $n ->
    [one] Таймлайн · {$n} дорожка
    [few] Таймлайн · {$n} дорожки
    [many] Таймлайн · {$n} дорожек
   *[other] Таймлайн · {$n} дорожки
}
# tracks that are not drawn
picture-more = { $n ->
    [one] +{$n} дорожка
    [few] +{$n} дорожки
    [many] +{$n} дорожек
   *[other] +{$n} дорожки
}
# below it; diff is one or more of the sentences above
picture-changed = изменения: {$diff}

## Track names
track-video = Видео
track-audio = Музыка
track-text = Текст
track-other = Дорожка {$n}

## Buttons
btn-retry = Ещё раз
btn-copy-title = Копировать название {$n}
btn-stop = Стоп
btn-copy-description = Копировать описание
btn-get-result = Получить результат
btn-copy-tags = Копировать теги
btn-status = Проверить
btn-more-titles = Ещё названия
btn-drop = Отменить
btn-shorter = Короче
btn-export = Экспорт MP4
btn-other-language = Другой язык
btn-edit = Монтаж
btn-files = Файлы
btn-edit-more = Монтировать дальше
btn-shorten = Сократить
btn-meta = Названия + теги
btn-fix = Исправить
btn-do-it = Сделать
btn-use-title = Выбрать название {$n}
btn-full-reply = Весь ответ
btn-open-web = Открыть на сайте
btn-keep = Оставить
btn-delete = Удалить
btn-only-clip = Только видео
btn-disconnect = Отключить
btn-new = Начать новый
btn-wait = Подождать
btn-open-private = Открыть личный чат
btn-share = Поделиться здесь
btn-my-data = Мои данные

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = Напиши три названия, описание и теги к этому видео для {$platforms}.
# the same, right after an upload
ask-meta-clip = Загружено видео {$name}. Напиши для него три названия, описание и теги для {$platforms}.
# More titles
ask-more-titles = Напиши ещё пять названий для этого видео. Больше ничего не меняй.
# Shorter
ask-shorter = Сделай названия и описание короче.
# Shorten it
ask-shorten-title = Сократи название {$n} так, чтобы символов было не больше {$max}: «{$title}»
# Another language
ask-other-language = Напиши названия, описание и теги на этом языке: {$language}.
# Use title N
ask-use-title = Возьми название {$n}: «{$title}»
# Only the clip
ask-only-clip = Убери музыку, заголовок и эффекты, которые добавились автоматически. Оставь только видео.

## Commands, as menus describe them
command-start = Начать
command-help = Как пользоваться ботом
command-new = Начать новый проект
command-meta = Названия, описание и теги
command-status = Показать таймлайн
command-credits = Показать остаток кредитов
command-export = Экспортировать и прислать MP4
command-upload = Добавить видео файлом или ссылкой
command-cancel = Остановить текущую задачу
command-connect = Подключить свой аккаунт NEMO
command-language = Сменить язык
command-privacy = Что я храню
command-forget = Удалить мои данные
command-clips = Обрабатывать все видео отсюда (администраторы)
command-generate = Создать метаданные
option-clip = Ваше видео
option-link = Ссылка на видео
option-token = Токен вашего аккаунта NEMO
option-state = Включить или выключить
option-language = Язык, на котором говорить

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = ,
size-bytes = {$n} Б
size-kilobytes = {$n} КБ
size-megabytes = {$n} МБ
size-gigabytes = {$n} ГБ
# how long something has taken
took-seconds = {$s} с
took-minutes = {$m} мин
took-minutes-seconds = {$m} мин {$s} с
took-hours = {$h} ч
took-hours-minutes = {$h} ч {$m} мин
took-days = {$d} дн.
took-days-hours = {$d} дн. {$h} ч
# how long from now, after "try again"
when-seconds = { $n ->
    [one] через {$n} секунду
    [few] через {$n} секунды
    [many] через {$n} секунд
   *[other] через {$n} секунды
}
when-minutes = { $n ->
    [one] через {$n} минуту
    [few] через {$n} минуты
    [many] через {$n} минут
   *[other] через {$n} минуты
}
when-hours = { $n ->
    [one] через {$n} час
    [few] через {$n} часа
    [many] через {$n} часов
   *[other] через {$n} часа
}
when-days = { $n ->
    [one] через {$n} день
    [few] через {$n} дня
    [many] через {$n} дней
   *[other] через {$n} дня
}
# after "per"; other periods are worded as how long something takes
period-minute = минуту
period-hour = час
period-day = день
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
